/** The rows of a question, drawn as is suggested for them or as is chosen. */

import { useMemo } from "preact/hooks";
import { Chart } from "../charts/Chart";
import { seriesOption } from "../charts/series";
import { laid, type Row } from "../data";
import { full } from "../format";
import { provisional } from "../periods";
import type { SeriesItem } from "../spec";
import { chosen, completeThrough } from "../state";
import { palette, still } from "../theme";
import type { Column } from "./Builder";

export type Shown = "" | "line" | "area" | "bar" | "stacked" | "table";

interface Props {
  rows: Row[];
  columns: Column[];
  drawn: Shown;
  suggested: Row;
}

export function Drawing({ rows, columns, drawn, suggested }: Props) {
  const metrics = columns.filter((column) => column.kind === "metric");
  const x = columns.find((column) => column.kind === "time") ?? columns.find((column) => column.kind === "dimension");
  const split = columns.find((column) => column.kind === "dimension" && column !== x);
  const kind = drawn || (suggested.kind === "bar" ? "bar" : suggested.kind === "line" ? "line" : "table");
  const colours = palette.value;
  const option = useMemo(() => {
    if (x === undefined || !metrics.length || kind === "table") return null;
    const first = metrics[0]!;
    const base = { title: "", source: "", help: "", width: 12, kind, rows: "data", x: x.field, format: first.format, previous: false, only: {} };
    // Different units on one axis would be read wrongly.
    const alike = metrics.filter((metric) => metric.format === first.format);
    const item: SeriesItem = split === undefined ? { ...base, series: alike } : { ...base, series: [], split: split.field, value: first.field };
    const now = laid(item, { data: rows });
    const step = x.kind === "time" ? (chosen.value.grain ?? "day") : "";
    const open = ["day", "week", "month"].includes(step) && now.x.length > 0 && provisional(now.x.at(-1)!, step, completeThrough.value);
    return seriesOption({ item, now, before: undefined, step, provisional: open, revised: new Map(), outlook: undefined, currency: "USD", palette: colours, still });
  }, [rows, columns, kind, colours]);
  if (x === undefined && rows[0] !== undefined) {
    return (
      <div class="tiles">
        {metrics.map((metric) => (
          <article class="tile" key={metric.key}><h3>{metric.title}</h3><p class="tile-value">{full(rows[0]![metric.field], metric.format)}</p></article>
        ))}
      </div>
    );
  }
  return option === null ? null : <Chart option={option} height={320} label="The report, drawn; its numbers are in the table below" />;
}
