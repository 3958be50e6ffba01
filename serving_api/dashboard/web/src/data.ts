/** From answers to what is drawn. */

import type { Ask } from "./api";
import { first, type Span } from "./periods";
import type { Field, SeriesItem, Source, TileItem } from "./spec";

export type Row = Record<string, unknown>;

export interface Asked {
  span: Span;
  chosen: Record<string, string>;
  subject: string;
}

/** What the API puts on a page at most; a drawing of more would be none. */
const MOST_ROWS = "10000";

/** The question that a source stands for; with `before`, about the days before. */
export function question(source: Source, { span, chosen, subject }: Asked, before = false): Ask {
  const days = before ? span.before : span;
  const fill = (text: string): string => text.replaceAll("$subject", subject);
  if (source.query !== undefined) {
    const { grain, filters, ...query } = source.query;
    const body: Row = { ...query };
    const start = source.days === "month" ? first(days.end, "month") : days.start;
    if (source.days !== "none") Object.assign(body, { start_date: start, end_date: days.end });
    if (grain !== undefined) body.grain = grain === "page" ? atLeastDay(span.granularity) : grain;
    if (filters !== undefined) {
      body.filters = filters.map((one) => ({ ...one, values: one.values.map((v) => (typeof v === "string" ? fill(v) : v)) }));
    }
    return { path: source.path, body };
  }
  const parameters: Record<string, string> = {};
  const given = { startDate: days.start, start_date: days.start, endDate: days.end, end_date: days.end };
  for (const [name, choices] of Object.entries(source.takes)) {
    if (name in given) parameters[name] = given[name as keyof typeof given];
    else if (name === "userId") {
      if (subject) parameters[name] = subject;
    } else if (name === "limit") parameters[name] = MOST_ROWS;
    else if (name === "granularity") parameters[name] = closest(span.granularity, choices);
    else if (name === "period") parameters[name] = choices.includes(chosen.period ?? "month") ? (chosen.period ?? "month") : choices[0]!;
    else if (name === "range") parameters[name] = chosen.range ?? "12m";
    else if (chosen[name]) parameters[name] = chosen[name];
  }
  let path = source.path;
  for (const [name, value] of Object.entries(source.parameters)) {
    if (path.includes(`{${name}}`)) path = path.replace(`{${name}}`, encodeURIComponent(fill(value)));
    else parameters[name] = fill(value);
  }
  return { path, parameters };
}

/** Step of time between the rows of a source. */
export function stepOf(source: Source, { span, chosen }: Asked): string {
  if (source.query !== undefined) return source.query.grain === "page" ? atLeastDay(span.granularity) : (source.query.grain ?? "day");
  if (source.takes.granularity !== undefined) return closest(span.granularity, source.takes.granularity);
  if (source.takes.period !== undefined) return { quarter: "week", year: "month" }[chosen.period ?? "month"] ?? "day";
  return source.parameters.granularity ?? "day";
}

function atLeastDay(granularity: string): string {
  return granularity === "hour" ? "day" : granularity;
}

function closest(wanted: string, choices: string[]): string {
  return choices.includes(wanted) ? wanted : choices.includes("day") ? "day" : (choices[0] ?? wanted);
}

/** What is at a path of an answer; on the way through a list, its first row. */
export function at(body: unknown, path: string): unknown {
  let found = body;
  if (path === "") return found;
  for (const name of path.split(".")) {
    if (Array.isArray(found)) found = found[0];
    if (found === null || typeof found !== "object") return undefined;
    found = (found as Row)[name];
  }
  return found;
}

/** The rows at a path; an object is a single one. */
export function rowsAt(body: unknown, path: string): Row[] {
  const found = at(body, path);
  if (Array.isArray(found)) return found as Row[];
  return found !== null && typeof found === "object" ? [found as Row] : [];
}

/** The value of a tile. */
export function valueOf(body: unknown, path: string, reduce: TileItem["reduce"]): unknown {
  const place = path.lastIndexOf(".");
  if (reduce === "first" || place < 0) return at(body, path);
  const values = rowsAt(body, path.slice(0, place)).map((row) => row[path.slice(place + 1)]);
  if (reduce === "last") return values.at(-1);
  return values.length ? values.reduce<number>((sum, value) => sum + (Number(value) || 0), 0) : undefined;
}

/** Lines or rows of bars over the same places. */
export interface Laid {
  x: string[];
  series: { name: string; field: Field; values: (number | null)[] }[];
}

const MOST_SERIES = 8;

/** Numbers laid out by the x of an item; those that are told apart by a field come the largest first. */
export function laid(given: SeriesItem, body: unknown): Laid {
  // Where hours were asked for, rows have an hour besides their day.
  const hourly = given.x === "date" && rowsAt(body, given.rows)[0]?.hour;
  const item = hourly ? { ...given, x: "hour" } : given;
  if (item.split !== undefined && item.value !== undefined) return pivoted(item, body, item.split, item.value);
  const places = new Map<string, number>();
  const parts = item.series.map((field) => ({ field, rows: only(item, rowsAt(body, field.rows ?? item.rows)) }));
  for (const { rows } of parts) for (const row of rows) places.set(String(row[item.x]), 0);
  const x = ordered([...places.keys()], item.x);
  x.forEach((name, place) => places.set(name, place));
  const series = parts.map(({ field, rows }) => {
    const values = new Array<number | null>(x.length).fill(null);
    for (const row of rows) values[places.get(String(row[item.x]))!] = number(row[field.field]);
    return { name: field.title, field, values };
  });
  return { x, series };
}

function pivoted(item: SeriesItem, body: unknown, split: string, value: string): Laid {
  const rows = only(item, rowsAt(body, item.rows));
  const x = ordered([...new Set(rows.map((row) => String(row[item.x])))], item.x);
  const places = new Map(x.map((name, place) => [name, place]));
  const found = new Map<string, (number | null)[]>();
  const additive = item.kind !== "line";
  for (const row of rows) {
    const name = String(row[split] ?? "") || "(none)";
    let values = found.get(name);
    if (values === undefined) found.set(name, (values = new Array<number | null>(x.length).fill(additive ? 0 : null)));
    const place = places.get(String(row[item.x]))!;
    const one = number(row[value]);
    if (one !== null) values[place] = (values[place] ?? 0) + one;
  }
  const size = (values: (number | null)[]): number => values.reduce<number>((sum, one) => sum + Math.abs(one ?? 0), 0);
  let names = [...found].sort((a, b) => size(b[1]) - size(a[1]));
  if (additive && names.length > MOST_SERIES) {
    const rest = names.slice(MOST_SERIES - 1);
    const others = x.map((_, place) => rest.reduce((sum, [, values]) => sum + (values[place] ?? 0), 0));
    names = [...names.slice(0, MOST_SERIES - 1), [`${rest.length} others`, others]];
  }
  const series = names.map(([name, values]) => {
    const field: Field = { key: name, field: value, title: label(name), format: item.format };
    return { name: label(name), field, values };
  });
  return { x, series };
}

function only(item: SeriesItem, rows: Row[]): Row[] {
  const wanted = Object.entries(item.only);
  return wanted.length ? rows.filter((row) => wanted.every(([name, value]) => row[name] === value)) : rows;
}

function ordered(names: string[], x: string): string[] {
  const numeric = names.every((name) => name !== "" && !Number.isNaN(Number(name)));
  if (numeric) return names.sort((a, b) => Number(a) - Number(b));
  return /date|day|week|month|hour|_at$/.test(x) ? names.sort() : names;
}

export function number(value: unknown): number | null {
  return typeof value === "number" ? value : null;
}

/** A value as the API gave it, beside the one that is written for people. */
export function raw(value: unknown): string {
  return value === null || value === undefined ? "" : String(value);
}

/** A word of the data for people. */
export function label(value: unknown): string {
  const text = String(value ?? "");
  return /^[a-z][a-z0-9]*([_.][a-z0-9]+)+$/.test(text) ? capital(text.replace(/[_.]/g, " ")) : text === "" ? "(none)" : /^[a-z]+$/.test(text) ? capital(text) : text;
}

/** Words that are not written as they are spelled in data. */
const NAMES: Record<string, string> = {
  api: "API", arr: "ARR", csv: "CSV", github: "GitHub", linkedin: "LinkedIn", mrr: "MRR", openai: "OpenAI",
};

function capital(text: string): string {
  const words = text.split(" ").map((word) => NAMES[word] ?? word).join(" ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Rows as comma-separated values. */
export function csv(header: string[], rows: unknown[][]): string {
  const cell = (value: unknown): string => {
    const text = value === null || value === undefined ? "" : typeof value === "object" ? JSON.stringify(value) : String(value);
    // A spreadsheet would take these for formulas.
    const safe = typeof value === "string" && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
    return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return [header, ...rows].map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";
}

export function save(name: string, content: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
