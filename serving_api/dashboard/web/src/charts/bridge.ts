/** How one figure becomes another, step by step. */

import { number, type Row } from "../data";
import { brief, full } from "../format";
import type { StepsItem } from "../spec";
import { FONT, type Palette } from "../theme";
import type { EChartsCoreOption } from "./echarts";
import { tooltip } from "./tooltip";

export function bridgeOption(item: StepsItem, row: Row, palette: Palette, still: boolean): EChartsCoreOption {
  let level = 0;
  const steps = item.steps.map((field) => {
    const value = number(row[field.field]) ?? 0;
    const whole = item.whole.includes(field.field);
    const move = item.falls.includes(field.field) ? -value : value;
    const from = whole ? 0 : level;
    level = whole ? value : level + move;
    const color = whole ? palette.series[0]! : move < 0 ? palette.down : palette.up;
    return { title: field.title, shown: whole ? value : move, low: Math.min(from, level), height: Math.abs(level - from), color, whole };
  });
  return {
    animation: !still,
    textStyle: { fontFamily: FONT, color: palette.text },
    grid: { left: 4, right: 4, top: 24, bottom: 4, containLabel: true },
    tooltip: {
      trigger: "axis", confine: true, className: "tip-frame", borderWidth: 0, padding: 0, axisPointer: { type: "none" },
      formatter: (hovered: { dataIndex: number }[]) => {
        const step = steps[hovered[0]?.dataIndex ?? 0]!;
        return tooltip(step.title, [{ color: step.color, name: step.whole ? "Level" : "Change", value: full(step.shown, item.format) }]);
      },
    },
    xAxis: {
      type: "category", data: steps.map((step) => step.title), axisTick: { show: false },
      axisLine: { lineStyle: { color: palette.line } }, axisLabel: { color: palette.muted, interval: 0, hideOverlap: false },
    },
    yAxis: {
      type: "value", splitNumber: 4, axisLabel: { color: palette.muted, formatter: (value: number) => brief(value, item.format) },
      splitLine: { lineStyle: { color: palette.line } },
    },
    series: [
      { type: "bar", stack: "bridge", silent: true, itemStyle: { color: "transparent" }, data: steps.map((step) => step.low), barMaxWidth: 56 },
      {
        type: "bar", stack: "bridge", barMaxWidth: 56,
        data: steps.map((step) => ({ value: step.height, itemStyle: { color: step.color, borderRadius: 2 } })),
        label: {
          show: true, position: "top", color: palette.text, fontSize: 11,
          formatter: ({ dataIndex }: { dataIndex: number }) => {
            const step = steps[dataIndex]!;
            return `${!step.whole && step.shown > 0 ? "+" : ""}${brief(step.shown, item.format)}`;
          },
        },
      },
    ],
  };
}
