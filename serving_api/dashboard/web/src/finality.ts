/** How final the numbers of a drawing are: which are provisional, and which were revised. */

import { useMemo } from "preact/hooks";
import { type Asked, type Laid, laid, stepOf } from "./data";
import { provisional } from "./periods";
import { useRevisions } from "./revisions";
import { usePage } from "./source";
import type { PanelItem, SeriesItem, Source } from "./spec";
import { completeThrough } from "./state";

export interface Finality {
  now: Laid;
  /** Step of time between the places, "" where they are none. */
  step: string;
  /** Whether the last step is not over. */
  open: boolean;
  /** Why values were changed after they had been published, by their place. */
  revised: Map<string, string[]>;
}

const NOTHING: Laid = { x: [], series: [] };

export function useFinality(item: PanelItem, body: unknown): Finality {
  const context = usePage();
  const source = context.page.sources[item.source];
  const series = "series" in item ? item : undefined;
  const now = useMemo(() => (series === undefined || body === undefined ? NOTHING : laid(series, body)), [series, body]);
  const step = series === undefined || source === undefined ? "" : stepIn(now.x, series, source, context);
  const last = now.x.at(-1);
  const open = step !== "" && step !== "hour" && last !== undefined && provisional(last, step, completeThrough.value);
  return { now, step, open, revised: useRevisions(series, source, step, body) };
}

function stepIn(places: string[], item: SeriesItem, source: Source, asked: Asked): string {
  if (!places.length || !places.every((place) => /^\d{4}-\d\d-\d\d/.test(place))) return "";
  if (places[0]!.includes("T")) return "hour";
  return item.x === "month" ? "month" : stepOf(source, asked);
}
