/** Which of the drawn values were published as others before, and why they changed. */

import { useMemo } from "preact/hooks";
import { number, rowsAt, type Row } from "./data";
import { full } from "./format";
import { first } from "./periods";
import { useAnswer, usePage } from "./source";
import type { SeriesItem, Source } from "./spec";
import { dashboards } from "./state";

const CAUSES: Record<string, string> = {
  late_events: "late events", resend_conflict: "a resent event differed", seed_change: "reference data changed", model_change: "the model changed",
};
const MOST = "5000";

/** Corrections to what a chart shows, by the place on its axis; one question serves the whole page. */
export function useRevisions(item: SeriesItem | undefined, source: Source | undefined, step: string, body: unknown): Map<string, string[]> {
  const { span } = usePage();
  const may = ["admin", "analyst"].includes(dashboards.value?.role ?? "");
  const wanted = may && item !== undefined && step !== "" && step !== "hour" && body !== undefined;
  const parameters = { startDate: span.start, endDate: span.end, limit: MOST };
  const { answer } = useAnswer(wanted ? { path: "/revisions", parameters } : undefined);
  return useMemo(() => (item === undefined ? new Map<string, string[]>() : found(item, source, step, body, rowsAt(answer?.body, "data"))), [item, source, step, body, answer]);
}

/** The columns of marts that a field shows; where the endpoint does not say, those of its name. */
function columnsOf(rows: string, name: string, source: Source | undefined, marts: string[]): string[] {
  const told = source?.columns?.[`${rows.split(".").at(-1)}.${name}`] ?? source?.columns?.[name];
  return told !== undefined ? [told] : marts.flatMap((mart) => [`${mart}.${name}`, `${mart}.${name}_usd`]);
}

function found(item: SeriesItem, source: Source | undefined, step: string, body: unknown, rows: Row[]): Map<string, string[]> {
  const notes = new Map<string, string[]>();
  const marts = source?.marts.length ? source.marts : ((rowsAt(body, "meta")[0]?.marts as string[] | undefined) ?? []);
  const fields: [string, string][] = item.value !== undefined ? [[item.rows, item.value]] : item.series.map((one) => [one.rows ?? item.rows, one.field]);
  const columns = new Set(fields.flatMap(([rows, name]) => columnsOf(rows, name, source, marts)));
  for (const row of rows) {
    const causes = (row.causes as string[]).filter((cause) => cause !== "new_events");
    if (!causes.length || !columns.has(`${String(row.mart)}.${String(row.column)}`)) continue;
    const place = first(String(row.date), step);
    const why = causes.map((cause) => CAUSES[cause] ?? cause).join(", ");
    const note = `Revised in generation ${String(row.generation)}: ${full(number(row.old), "number")} became ${full(number(row.new), "number")} (${why}).`;
    const known = notes.get(place) ?? [];
    if (known.length < 3) notes.set(place, [...known, note]);
  }
  return notes;
}
