/** What is expected of a figure after its last day, and on which days it was out of line. */

import { useMemo } from "preact/hooks";
import { type Laid, number, type Row, rowsAt } from "./data";
import type { Finality } from "./finality";
import { date, full } from "./format";
import { first } from "./periods";
import { type Context, usePage, useSource } from "./source";
import type { Format, PanelItem, SeriesItem } from "./spec";

const FORECASTS = "/api/v1/forecasts";
const ANOMALIES = "/api/v1/anomalies";

export interface Expected {
  date: string;
  value: number;
  lower: number;
  upper: number;
}

/** A day out of line: what it came to, and between what it would have been usual. */
export interface Unusual extends Expected {
  expected: number;
  score: number;
  kind: "surge" | "drop";
  severity: "critical" | "warning";
}

export interface Outlook {
  /** The days forecast, from the last one on if it is not over. */
  ahead: Expected[];
  /** Days out of line, by the place on the axis that they are in. */
  unusual: Map<string, Unusual[]>;
}

export interface Sought extends Outlook {
  waiting: boolean;
  problem: string | undefined;
}

const NOTHING: Outlook = { ahead: [], unusual: new Map() };

/** The outlook of a chart that has one; the questions are the same for all charts of the page. */
export function useOutlook(item: PanelItem, { now, step }: Finality): Sought {
  const context = usePage();
  const figure = "outlook" in item ? item.outlook : undefined;
  const wanted = figure !== undefined && comparable(item as SeriesItem, context);
  const forecasts = useSource(FORECASTS, false, wanted);
  const anomalies = useSource(ANOMALIES, false, wanted);
  const [next, odd] = [forecasts.answer?.body, anomalies.answer?.body];
  const end = context.span.end;
  const outlook = useMemo(() => {
    if (!wanted || !step || step === "hour") return NOTHING;
    const ahead = step === "day" ? following(rowsOf<Expected>(next, figure), end) : [];
    return { ahead, unusual: placed(rowsOf<Unusual>(odd, figure), now, step) };
  }, [wanted, figure, next, odd, now, step, end]);
  return { ...outlook, waiting: forecasts.waiting || anomalies.waiting, problem: (forecasts.problem ?? anomalies.problem)?.title };
}

function rowsOf<Of>(body: unknown, figure: string): Of[] {
  return rowsAt(body, "data").filter((row: Row) => row.metric === figure) as Of[];
}

/** Figures are watched in dollars, by days of UTC. */
function comparable(item: SeriesItem, { page, chosen }: Context): boolean {
  const zoned = page.sources[item.source]?.takes.tz !== undefined && (chosen.tz ?? "UTC") !== "UTC";
  return !zoned && (item.format !== "money" || (chosen.currency ?? "USD") === "USD");
}

/** Forecasts begin with the last day there is; what is shown of earlier days has none. */
function following(rows: Expected[], end: string): Expected[] {
  return rows.length && rows[0]!.date <= end ? rows : [];
}

function placed(rows: Unusual[], now: Laid, step: string): Map<string, Unusual[]> {
  const places = new Set(now.x);
  const found = new Map<string, Unusual[]>();
  for (const row of rows) {
    const place = first(row.date, step);
    if (places.has(place)) found.set(place, [...(found.get(place) ?? []), row]);
  }
  return found;
}

/** The figure that is watched: the first of the lines, or all of a stack. */
export function whole(item: SeriesItem, { x, series }: Laid): (number | null)[] {
  if (item.kind !== "stacked") return series[0]?.values ?? [];
  return x.map((_, at) => series.reduce<number | null>((sum, { values }) => (number(values[at]) === null ? sum : (sum ?? 0) + values[at]!), null));
}

/** Why a day is out of line, in a sentence. */
export function reason(one: Unusual, format: Format, step: string): string {
  const [value, expected, lower, upper] = [one.value, one.expected, one.lower, one.upper].map((found) => full(found, format));
  const day = step === "day" ? "" : `, ${date(one.date, { month: "short", day: "numeric" })}`;
  return `${title(one.kind)}${day}: ${value} where ${expected} was expected and ${lower} to ${upper} is usual, ${full(Math.abs(one.score), "number")} deviations off (${one.severity}).`;
}

/** What a day is, in a word or two. */
export function remark(one: Unusual): string {
  return `${title(one.kind)}, ${one.severity}`;
}

function title(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
