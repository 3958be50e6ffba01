/** Numbers and dates as the reader's language writes them. */

import type { Format } from "./spec";

const language = navigator.language;
const cache = new Map<string, Intl.NumberFormat>();

function numbers(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = JSON.stringify(options);
  let found = cache.get(key);
  if (found === undefined) cache.set(key, (found = new Intl.NumberFormat(language, options)));
  return found;
}

const unit = (unit: string, digits: number): Intl.NumberFormatOptions => ({
  style: "unit", unit, unitDisplay: "short", maximumFractionDigits: digits,
});

function money(currency: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  return numbers({ style: "currency", currency, currencyDisplay: "narrowSymbol", ...options });
}

/** A value in full. */
export function full(value: unknown, format: Format, currency = "USD"): string {
  if (value === null || value === undefined || value === "") return "–";
  if (Array.isArray(value)) return value.join(", ");
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value !== "number") return text(String(value), format);
  switch (format) {
    case "usd": return money("USD", { minimumFractionDigits: 2, maximumFractionDigits: cents(value) }).format(value);
    case "money": return money(currency, {}).format(value);
    case "count": return numbers({ maximumFractionDigits: Number.isInteger(value) ? 0 : 1 }).format(value);
    case "fraction": return numbers({ style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(value);
    case "percent": return numbers({ style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(value / 100);
    case "score": return numbers({ minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(value);
    case "hours": return numbers(unit("hour", 1)).format(value);
    case "days": return numbers({ ...unit("day", 1), unitDisplay: "long" }).format(value);
    case "seconds": return duration(value);
    case "ms": return numbers(unit("millisecond", value < 10 ? 1 : 0)).format(value);
    case "bytes": return bytes(value);
    default: return numbers({ maximumFractionDigits: Math.abs(value) < 10 ? 2 : 1 }).format(value);
  }
}

/** A value where room is short: on axes, and in tiles when it is large. */
export function brief(value: unknown, format: Format, currency = "USD"): string {
  if (typeof value !== "number") return full(value, format, currency);
  const short: Intl.NumberFormatOptions = { notation: "compact", maximumFractionDigits: 1 };
  if (format === "usd" || format === "money") return money(format === "usd" ? "USD" : currency, short).format(value);
  if (format === "count" || format === "number") return numbers(short).format(value);
  if (format === "fraction") return numbers({ style: "percent", maximumFractionDigits: 1 }).format(value);
  if (format === "score") return numbers({ maximumFractionDigits: 1 }).format(value);
  return full(value, format, currency);
}

/** A value as a tile shows it: in full while it fits. */
export function large(value: unknown, format: Format, currency = "USD"): string {
  if (typeof value !== "number" || !["usd", "money", "count", "number"].includes(format)) return full(value, format, currency);
  if (Math.abs(value) >= 1e7) return brief(value, format, currency);
  if (format === "count" || format === "number") return full(value, format, currency);
  const digits = Math.abs(value) >= 1000 ? 0 : 2;
  const most = digits && cents(value);
  return money(format === "usd" ? "USD" : currency, { minimumFractionDigits: digits, maximumFractionDigits: most }).format(value);
}

/** Digits after the point: a price of less than a few cents has more of them. */
function cents(value: number): number {
  return value !== 0 && Math.abs(value) < 0.1 ? 4 : 2;
}

/** A change as a share, with its sign. */
export function change(value: number): string {
  const digits = Math.abs(value) < 0.1 ? 1 : 0;
  return numbers({ style: "percent", maximumFractionDigits: digits, signDisplay: "exceptZero" }).format(value);
}

function text(value: string, format: Format): string {
  if (format === "date" || /^\d{4}-\d\d-\d\d$/.test(value)) return date(value);
  if (format === "instant") return instant(value);
  return value;
}

export function date(day: string, options: Intl.DateTimeFormatOptions = { dateStyle: "medium" }): string {
  const read = new Date(day.length === 10 ? `${day}T00:00:00Z` : day);
  return Number.isNaN(read.getTime()) ? day : new Intl.DateTimeFormat(language, { timeZone: "UTC", ...options }).format(read);
}

export function instant(value: string, zone = "UTC"): string {
  const read = new Date(value);
  if (Number.isNaN(read.getTime())) return value;
  return new Intl.DateTimeFormat(language, {
    timeZone: zone, month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZoneName: "short",
  }).format(read);
}

/** How long ago something was. */
export function ago(value: string, now = Date.now()): string {
  const seconds = Math.round((Date.parse(value) - now) / 1000);
  const steps: [Intl.RelativeTimeFormatUnit, number][] = [["day", 86_400], ["hour", 3600], ["minute", 60]];
  const [name, size] = steps.find(([, length]) => Math.abs(seconds) >= length) ?? ["second", 1];
  return new Intl.RelativeTimeFormat(language, { numeric: "auto", style: "narrow" }).format(Math.trunc(seconds / size), name);
}

function duration(seconds: number): string {
  if (seconds < 90) return numbers(unit("second", 0)).format(seconds);
  if (seconds < 5400) return numbers(unit("minute", 1)).format(seconds / 60);
  return numbers(unit("hour", 1)).format(seconds / 3600);
}

function bytes(value: number): string {
  const names = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte", "petabyte"];
  const power = value >= 1 ? Math.min(names.length - 1, Math.floor(Math.log10(value) / 3)) : 0;
  return numbers(unit(names[power]!, 1)).format(value / 1000 ** power);
}
