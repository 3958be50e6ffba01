/** From what is chosen to days: those that are shown, and those before to compare with. */

import type { Page } from "./spec";

export interface Span {
  start: string;
  end: string;
  before: { start: string; end: string };
  granularity: string;
  /** In words, after "than in". */
  previously: string;
}

export interface Choice {
  value: string;
  title: string;
}

const DAY = 86_400_000;

export const PERIODS: Record<string, string> = {
  day: "Today", week: "This week", month: "This month", quarter: "This quarter", year: "This year",
};
export const RANGES: Record<string, string> = {
  "7d": "Last 7 days", "30d": "Last 30 days", "90d": "Last 90 days", "12m": "Last 12 months", all: "All time",
};
const PRESETS: Record<string, string> = {
  "7d": "Last 7 days", "30d": "Last 30 days", "90d": "Last 90 days", "12m": "Last 12 months",
  month: "This month", lastmonth: "Last month", quarter: "This quarter", year: "This year",
};
const DAYS: Record<string, number> = { "7d": 7, "30d": 30, "90d": 90, "12m": 365 };
/** As far back as `all` goes where dates must be given. */
const LONG = 7300;

/** What a page can be set to. */
export function choices(page: Page): Choice[] {
  const titles = { period: PERIODS, range: RANGES, dates: PRESETS, none: {} }[page.time] as Record<string, string>;
  const wanted = page.times.length ? page.times : Object.keys(titles);
  return wanted.map((value) => ({ value, title: titles[value] ?? value }));
}

export function standard(page: Page): string {
  return { period: "month", range: "12m", dates: "30d", none: "" }[page.time];
}

/** The day of an instant by the clocks of a zone. */
export function dayOf(instant: string, zone = "UTC"): string {
  const parts = new Intl.DateTimeFormat("en-CA", { timeZone: zone, dateStyle: "short" });
  return parts.format(new Date(instant)).slice(0, 10);
}

/** The days that a page shows. */
export function span(page: Page, chosen: Record<string, string>, last: string): Span {
  const key = page.time === "period" ? "period" : "range";
  let start: string;
  let end = last;
  const value = chosen[key] ?? standard(page);
  if (page.time === "dates" && chosen.start && chosen.end) {
    [start, end] = [chosen.start, chosen.end];
  } else if (value === "lastmonth") {
    end = plus(first(last, "month"), -1);
    start = first(end, "month");
  } else if (value in DAYS) {
    start = plus(last, 1 - DAYS[value]!);
  } else if (value === "all") {
    start = plus(last, -LONG);
  } else {
    start = first(last, value);
  }
  const days = Math.round((Date.parse(end) - Date.parse(start)) / DAY) + 1;
  const before = page.time === "period" ? sameDays(start, days, value) : { start: plus(start, -days), end: plus(start, -1) };
  const granularity = chosen.granularity ?? (days <= 45 ? "day" : days <= 200 ? "week" : "month");
  const previously = page.time === "period" ? `the previous ${value}` : days === 1 ? "the day before" : `the ${days} days before`;
  return { start, end, before, granularity, previously };
}

/** As many days from the beginning of the period before. */
function sameDays(start: string, days: number, period: string): { start: string; end: string } {
  const begin = first(plus(start, -1), period);
  const end = plus(begin, days - 1);
  return { start: begin, end: end < start ? end : plus(start, -1) };
}

export function plus(day: string, days: number): string {
  return new Date(Date.parse(day) + days * DAY).toISOString().slice(0, 10);
}

/** First day of the period that a day is in. */
export function first(day: string, period: string): string {
  const [year, month] = [day.slice(0, 4), Number(day.slice(5, 7))];
  if (period === "week") return plus(day, -((new Date(day).getUTCDay() + 6) % 7));
  if (period === "month") return `${day.slice(0, 7)}-01`;
  if (period === "quarter") return `${year}-${String(month - ((month - 1) % 3)).padStart(2, "0")}-01`;
  return period === "year" ? `${year}-01-01` : day;
}

/** Whether the step of time that begins on a day has not been seen to its end. */
export function provisional(from: string, step: string, through: string | null): boolean {
  // What is still to come is a forecast and never final.
  if (through === null || Date.parse(from) > Date.parse(through)) return false;
  const next = step === "month" ? first(plus(first(from, "month"), 32), "month") : plus(from, step === "week" ? 7 : 1);
  // The last event of a day is seldom its last millisecond: a day counts as seen a minute before it is over.
  return Date.parse(through) < Date.parse(next) - 60_000;
}
