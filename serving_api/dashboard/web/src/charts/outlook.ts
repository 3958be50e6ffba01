/** What is expected next, in the shade of its bounds, and marks at days out of line. */

import type { Laid } from "../data";
import { full } from "../format";
import { type Outlook, reason, whole } from "../outlook";
import type { Format, SeriesItem } from "../spec";
import type { Palette } from "../theme";
import type { Line } from "./tooltip";

/** Numbers with the days to come as places without any. */
export function lengthened(now: Laid, { ahead }: Outlook): Laid {
  const known = new Set(now.x);
  const more = ahead.map((day) => day.date).filter((day) => !known.has(day));
  const nothing = more.map(() => null);
  return { x: [...now.x, ...more], series: now.series.map((one) => ({ ...one, values: [...one.values, ...nothing] })) };
}

export function outlookSeries(item: SeriesItem, now: Laid, { ahead, unusual }: Outlook, palette: Palette): unknown[] {
  const color = item.kind === "stacked" ? palette.text : palette.series[0]!;
  const days = new Map(ahead.map((day) => [day.date, day]));
  const over = (read: (day: Outlook["ahead"][number]) => number): (number | null)[] => now.x.map((place) => (days.has(place) ? read(days.get(place)!) : null));
  // The shade is what lies upon an area that is not seen.
  const bound = { type: "line", stack: "bounds", stackStrategy: "all", symbol: "none", silent: true, lineStyle: { opacity: 0 }, z: 2 };
  const shade = { color, opacity: 0.16 };
  const line = { type: "line", id: "expected", name: "expected", symbol: "circle", symbolSize: 4, showSymbol: ahead.length === 1, silent: true, z: 3, itemStyle: { color }, lineStyle: { color, width: 1.5, type: [1, 3], cap: "round" } };
  return [
    ...(ahead.length ? [
      { ...bound, id: "lower", name: "lower", data: over((day) => day.lower) },
      { ...bound, id: "between", name: "between", data: over((day) => day.upper - day.lower), areaStyle: shade },
      { ...line, data: over((day) => day.value) },
    ] : []),
    ...(unusual.size ? [marks(item, now, unusual, palette)] : []),
  ];
}

/** A triangle above a day, up for more than usual and down for less; a hollow one is less grave. */
function marks(item: SeriesItem, now: Laid, unusual: Outlook["unusual"], palette: Palette): unknown {
  const values = whole(item, now);
  const data = now.x.map((place, at) => {
    const [one, ...others] = unusual.get(place) ?? [];
    if (one === undefined || (values[at] ?? null) === null) return null;
    const grave = [one, ...others].some((found) => found.severity === "critical");
    return {
      value: values[at], symbolRotate: one.kind === "drop" ? 180 : 0,
      itemStyle: { color: grave ? palette.down : palette.surface, borderColor: palette.down, borderWidth: 1.5 },
    };
  });
  return {
    type: "line", id: "unusual", name: "unusual", data, symbol: "triangle", symbolSize: 9, symbolOffset: [0, -11], showAllSymbol: true,
    silent: true, clip: false, lineStyle: { width: 0 }, z: 5,
  };
}

/** What the box beside the pointer says of a day to come. */
export function expectedLines(place: string, { ahead }: Outlook, format: Format, color: string): Line[] {
  const day = ahead.find((one) => one.date === place);
  if (day === undefined) return [];
  return [
    { color, name: "Expected", value: full(day.value, format) },
    { name: "Four of five days", value: `${full(day.lower, format)} – ${full(day.upper, format)}` },
  ];
}

export function unusualNotes(place: string, { unusual }: Outlook, format: Format, step: string): string[] {
  return (unusual.get(place) ?? []).map((one) => reason(one, format, step));
}
