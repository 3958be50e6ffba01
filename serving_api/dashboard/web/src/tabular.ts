/** Every drawing as a table: for those who read numbers, for screen readers, and to take away. */

import { at, label, laid, rowsAt } from "./data";
import { type Outlook, remark } from "./outlook";
import type { Field, Format, PanelItem } from "./spec";

export interface Tabular {
  columns: Field[];
  rows: unknown[][];
}

const field = (key: string, title: string, format: Format = "text"): Field => ({ key, field: key, title, format });

export function tabular(item: PanelItem, body: unknown): Tabular {
  switch (item.kind) {
    case "line": case "area": case "bar": case "stacked": {
      const { x, series } = laid(item, body);
      const columns = [field(item.x, label(item.x), "date"), ...series.map((one) => ({ ...one.field, key: one.name, title: one.name }))];
      return { columns, rows: x.map((place, index) => [place, ...series.map((one) => one.values[index])]) };
    }
    case "ranking": {
      const columns = [field(item.label, label(item.label)), field(item.value, label(item.value), item.format)];
      if (item.detail) columns.push(field(item.detail, "Share", item.detail === "percent" ? "percent" : "fraction"));
      return pick(columns, rowsAt(body, item.rows));
    }
    case "table": case "facts":
      return pick(item.columns, rowsAt(body, item.rows));
    case "heatmap": {
      const columns = [field(item.y, label(item.y), "date"), field(item.x, label(item.x)), field(item.value, label(item.value), item.format)];
      return pick(columns, rowsAt(body, item.rows));
    }
    case "funnel": case "bridge": {
      const row = rowsAt(body, item.rows).at(-1) ?? {};
      return {
        columns: [field("step", "Step"), field("value", "Value", item.format)],
        rows: item.steps.map((step) => [step.title, row[step.field]]),
      };
    }
    case "progress":
      return {
        columns: [field("goal", "Goal"), field("value", "Now", "number"), field("target", "Needed", "number")],
        rows: item.goals.map((goal) => [goal.title, at(body, goal.value), at(body, goal.target)]),
      };
    case "versus":
      return {
        columns: [field("figure", "Figure"), field("own", "Own", "number"), field("average", "Average", "number")],
        rows: item.figures.map((one) => [one.title, at(body, `${one.field}.own`), at(body, `${one.field}.average`)]),
      };
    case "status":
      return pick(
        [field(item.label, label(item.label)), field(item.state, label(item.state), "boolean"), ...(item.value ? [field(item.value, label(item.value), item.format)] : [])],
        rowsAt(body, item.rows),
      );
    case "feed":
      return pick(
        [field(item.time, "Time", "instant"), field(item.text, "What"), ...(item.detail ? [field(item.detail, "Who")] : [])],
        rowsAt(body, item.rows),
      );
  }
}

/** The table of a chart with what is expected after its last day, and days out of line, told as such. */
export function withOutlook({ columns, rows }: Tabular, { ahead, unusual }: Outlook, step: string): Tabular {
  if (!ahead.length && !unusual.size) return { columns, rows };
  const format = columns[1]?.format ?? "number";
  const more = [field("outlook.expected", "Expected", format), field("outlook.lower", "At least", format), field("outlook.upper", "At most", format), field("outlook.remark", "Remark")];
  const days = new Map(ahead.map((day) => [day.date, day]));
  const known = new Set(rows.map((row) => row[0]));
  const later = ahead.filter((day) => !known.has(day.date)).map((day) => [day.date, ...columns.slice(1).map(() => null)]);
  const told = (place: string): unknown[] => {
    const [day, found] = [days.get(place), unusual.get(place) ?? []];
    if (day !== undefined) return [day.value, day.lower, day.upper, "Forecast"];
    // What is expected of a day is nothing to compare a week with.
    const one = step === "day" ? found[0] : undefined;
    return [one?.expected ?? null, one?.lower ?? null, one?.upper ?? null, found.map(remark).join("; ") || null];
  };
  return { columns: [...columns, ...more], rows: [...rows, ...later].map((row) => [...row, ...told(String(row[0]))]) };
}

function pick(columns: Field[], rows: Record<string, unknown>[]): Tabular {
  return { columns, rows: rows.map((row) => columns.map((column) => row[column.field])) };
}

/** Whether there is nothing to draw. */
export function isEmpty({ rows }: Tabular): boolean {
  return rows.every((row) => row.slice(1).every((value) => value === null || value === undefined));
}
