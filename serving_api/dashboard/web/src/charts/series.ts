/** Lines, areas and bars. */

import type { Laid } from "../data";
import { brief, date, full, instant } from "../format";
import type { Outlook } from "../outlook";
import type { SeriesItem } from "../spec";
import { FONT, type Palette } from "../theme";
import type { EChartsCoreOption } from "./echarts";
import { expectedLines, lengthened, outlookSeries, unusualNotes } from "./outlook";
import { type Line, tooltip } from "./tooltip";

export interface Drawn {
  item: SeriesItem;
  now: Laid;
  before: Laid | undefined;
  /** Step of time between the places, "" where they are none. */
  step: string;
  provisional: boolean;
  /** Why values of a place were changed after they had been published. */
  revised: Map<string, string[]>;
  outlook: Outlook | undefined;
  currency: string;
  palette: Palette;
  still: boolean;
}

interface Hover {
  dataIndex: number;
  seriesId: string;
}

/** The same with the days to come as further places; `last` is the last one that something came to. */
type Ready = Drawn & { last: number };

export function seriesOption(given: Drawn): EChartsCoreOption {
  const { item, outlook, palette, step } = given;
  const now = outlook === undefined ? given.now : lengthened(given.now, outlook);
  const drawn: Ready = { ...given, now, last: given.now.x.length - 1 };
  const format = now.series[0]?.field.format ?? item.format;
  const name = (place: string): string => placeName(place, step);
  return {
    animation: !drawn.still,
    animationDuration: 350,
    aria: { enabled: false },
    textStyle: { fontFamily: FONT, color: palette.text },
    color: palette.series,
    grid: { left: 4, right: step === "hour" ? 44 : 24, top: now.series.length > 1 ? 34 : 12, bottom: 4, containLabel: true },
    legend: {
      show: now.series.length > 1,
      type: "scroll", left: 0, top: 0, itemWidth: 10, itemHeight: 10, icon: "roundRect", itemGap: 14,
      textStyle: { color: palette.muted, fontSize: 12 },
      pageTextStyle: { color: palette.muted }, pageIconColor: palette.muted, pageIconInactiveColor: palette.line, pageIconSize: 10,
      data: now.series.map((one) => one.name),
    },
    tooltip: {
      trigger: "axis", confine: true, className: "tip-frame", borderWidth: 0, padding: 0, transitionDuration: drawn.still ? 0 : 0.15,
      axisPointer: { type: item.kind === "bar" || item.kind === "stacked" ? "shadow" : "line", lineStyle: { color: palette.muted }, shadowStyle: { opacity: 0.06 } },
      formatter: (hovered: Hover[]) => hover(drawn, hovered[0]?.dataIndex ?? 0, name),
    },
    xAxis: {
      type: "category", data: now.x, boundaryGap: item.kind === "bar" || item.kind === "stacked",
      axisLine: { lineStyle: { color: palette.line } }, axisTick: { show: false },
      axisLabel: { color: palette.muted, hideOverlap: true, formatter: name, margin: 10 },
    },
    yAxis: {
      type: "value", splitNumber: 4, ...(format === "count" && { minInterval: 1 }), scale: item.kind === "line",
      ...(format === "fraction" && { max: ({ max }: { max: number }) => (max <= 1 && max > 0.8 ? 1 : null) }),
      axisLabel: { color: palette.muted, formatter: (value: number) => brief(value, format, drawn.currency) },
      splitLine: { lineStyle: { color: palette.line } },
    },
    series: [
      ...(item.kind === "bar" || item.kind === "stacked" ? bars(drawn) : lines(drawn)),
      ...(outlook === undefined ? [] : outlookSeries(item, now, outlook, palette)),
    ],
  };
}

function lines(drawn: Ready): unknown[] {
  const { item, now, before, palette, last } = drawn;
  const made = now.series.flatMap((one, place) => {
    const color = palette.series[place % palette.series.length]!;
    const open = drawn.provisional && last > 0;
    const base = {
      type: "line", symbol: "circle", symbolSize: now.x.length > 1 ? 5 : 8, showSymbol: now.x.length === 1, connectNulls: false,
      itemStyle: { color }, emphasis: { disabled: false }, z: 3,
    };
    const solid = {
      ...base, id: `now:${place}`, name: one.name, lineStyle: { color, width: 2 },
      data: open ? one.values.map((value, at) => (at === last ? null : value)) : one.values,
      ...(item.kind === "area" && { areaStyle: { color, opacity: place === 0 ? 0.14 : 0.1 } }),
      ...(place === 0 && { markPoint: marks(drawn, one.values) }),
    };
    if (!open) return [solid];
    // The step that is still going on: the same line, dashed.
    const data = one.values.map((value, at) => (at >= last - 1 ? value : null));
    return [solid, { ...base, id: `open:${place}`, name: one.name, data, lineStyle: { color, width: 2, type: [4, 4] } }];
  });
  const then = (before?.series ?? []).slice(0, 1).map((one) => ({
    type: "line", id: "before", name: "before", symbol: "none", silent: true, z: 1,
    data: now.x.map((_, place) => one.values[place] ?? null),
    lineStyle: { color: palette.muted, width: 1.5, type: [2, 3] }, itemStyle: { color: palette.muted },
  }));
  return [...then, ...made, ...now.series.flatMap((one, place) => alone(drawn, one.values, place))];
}

/** Dots for values without a neighbour, of which a line shows nothing. */
function alone({ now, palette }: Ready, values: (number | null)[], place: number): unknown[] {
  const data = values.map((value, at) => ((values[at - 1] ?? values[at + 1] ?? null) === null ? value : null));
  if (now.x.length === 1 || data.every((value) => value === null)) return [];
  const color = palette.series[place % palette.series.length]!;
  return [{ type: "line", id: `alone:${place}`, name: now.series[place]!.name, data, symbol: "circle", symbolSize: 5, silent: true, itemStyle: { color }, lineStyle: { width: 0 }, z: 3 }];
}

function bars(drawn: Ready): unknown[] {
  const { item, now, palette, last } = drawn;
  return now.series.map((one, place) => {
    const color = palette.series[place % palette.series.length]!;
    const top = item.kind === "stacked" ? place === now.series.length - 1 : true;
    return {
      type: "bar", id: `now:${place}`, name: one.name, barMaxWidth: 28, itemStyle: { color, borderRadius: top ? [2, 2, 0, 0] : 0 },
      ...(item.kind === "stacked" && { stack: "all" }),
      ...(place === 0 && { markPoint: marks(drawn, one.values) }),
      data: one.values.map((value, at) =>
        drawn.provisional && at === last ? { value, itemStyle: { color, opacity: 0.45, borderColor: color, borderType: "dashed" } } : value,
      ),
    };
  });
}

/** A diamond where a value is another than the one first published. */
function marks(drawn: Ready, values: (number | null)[]): object {
  const data = drawn.now.x.flatMap((place, at) =>
    drawn.revised.has(place) && values[at] !== null ? [{ coord: [at, values[at]], name: "revised" }] : [],
  );
  return {
    data, symbol: "diamond", symbolSize: 9, silent: true, label: { show: false },
    itemStyle: { color: drawn.palette.surface, borderColor: drawn.palette.series[2], borderWidth: 2 },
  };
}

function hover(drawn: Ready, at: number, name: (place: string) => string): HTMLElement {
  const { now, before, palette, currency, item, outlook, last } = drawn;
  const place = now.x[at] ?? "";
  const came = at <= last ? now.series : [];
  const lines: Line[] = came.map((one, index) => ({
    color: palette.series[index % palette.series.length]!, name: one.name, value: full(one.values[at], one.field.format, currency),
  }));
  if (item.kind === "stacked" && lines.length > 1 && ["usd", "money", "count"].includes(item.format)) {
    const sum = now.series.reduce((total, one) => total + (one.values[at] ?? 0), 0);
    lines.push({ name: "Total", value: full(sum, item.format, currency) });
  }
  const then = before?.series[0];
  if (then !== undefined && before!.x[at] !== undefined) {
    lines.push({ color: palette.muted, name: name(before!.x[at]!), value: full(then.values[at], then.field.format, currency) });
  }
  const notes = [...(drawn.revised.get(place) ?? [])];
  if (outlook !== undefined) {
    const format = now.series[0]?.field.format ?? item.format;
    lines.push(...expectedLines(place, outlook, format, item.kind === "stacked" ? palette.text : palette.series[0]!));
    notes.push(...unusualNotes(place, outlook, format, drawn.step));
  }
  if (drawn.provisional && at === last) notes.push(`Provisional: this ${drawn.step} is not over.`);
  return tooltip(drawn.step === "hour" ? instant(place) : longName(place, drawn.step), lines, notes);
}

function placeName(place: string, step: string): string {
  if (step === "hour") return instant(place).replace(/,? ?(UTC|GMT.*)$/, "");
  if (step === "month") return date(place, { month: "short", year: "2-digit" });
  return step ? date(place, { month: "short", day: "numeric" }) : place;
}

function longName(place: string, step: string): string {
  if (step === "month") return date(place, { month: "long", year: "numeric" });
  if (step === "week") return `Week of ${date(place)}`;
  return step ? date(place, { weekday: "short", year: "numeric", month: "short", day: "numeric" }) : place;
}
