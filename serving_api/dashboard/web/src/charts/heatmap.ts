/** A number for each pair of two kinds, as a colour. */

import { label, number, type Row } from "../data";
import { brief, date, full } from "../format";
import type { HeatmapItem } from "../spec";
import { FONT, type Palette } from "../theme";
import type { EChartsCoreOption } from "./echarts";
import { tooltip } from "./tooltip";

export function heatmapOption(item: HeatmapItem, rows: Row[], palette: Palette, still: boolean): EChartsCoreOption {
  const xs = [...new Set(rows.map((row) => String(row[item.x])))].sort((a, b) => Number(a) - Number(b) || (a < b ? -1 : 1));
  const ys = [...new Set(rows.map((row) => String(row[item.y])))].sort().reverse();
  const [xAt, yAt] = [new Map(xs.map((x, at) => [x, at])), new Map(ys.map((y, at) => [y, at]))];
  const cells = rows.map((row) => [xAt.get(String(row[item.x])), yAt.get(String(row[item.y])), number(row[item.value])]);
  const sizes = new Map(rows.map((row) => [String(row[item.y]), item.size ? number(row[item.size]) : null]));
  const most = Math.max(0, ...cells.map((cell) => cell[2] ?? 0));
  const name = (text: string): string => (/^\d{4}-\d\d-\d\d$/.test(text) ? date(text, { month: "short", day: "numeric" }) : label(text));
  return {
    animation: !still,
    textStyle: { fontFamily: FONT, color: palette.text },
    grid: { left: 4, right: 4, top: 4, bottom: 4, containLabel: true },
    tooltip: {
      confine: true, className: "tip-frame", borderWidth: 0, padding: 0,
      formatter: ({ value }: { value: [number, number, number] }) => {
        const [x, y] = [xs[value[0]]!, ys[value[1]]!];
        const size = sizes.get(y);
        const lines = [{ name: /week/.test(item.x) ? `Week ${x}` : label(x), value: full(value[2], item.format) }];
        if (size !== null && size !== undefined) lines.push({ name: "Size", value: full(size, "count") });
        return tooltip(/week/.test(item.y) ? `Week of ${date(y)}` : label(y), lines);
      },
    },
    xAxis: {
      type: "category", data: xs, position: "top", splitArea: { show: false }, axisTick: { show: false },
      axisLine: { show: false }, axisLabel: { color: palette.muted, formatter: name },
    },
    yAxis: {
      type: "category", data: ys, axisTick: { show: false }, axisLine: { show: false },
      axisLabel: {
        color: palette.muted,
        formatter: (y: string) => (sizes.get(y) ? `${name(y)}  ·  ${brief(sizes.get(y), "count")}` : name(y)),
      },
    },
    visualMap: { show: false, min: 0, max: most || 1, inRange: { color: palette.ramp } },
    series: [{
      type: "heatmap", data: cells, itemStyle: { borderColor: palette.surface, borderWidth: 2, borderRadius: 3 },
      label: { show: xs.length <= 16, fontSize: 11, formatter: ({ value }: { value: [number, number, number | null] }) => (value[2] === null ? "" : brief(value[2], item.format).replace(/[\s%]/g, "")) },
      emphasis: { itemStyle: { borderColor: palette.text } },
    }],
  };
}
