/** Rows of numbers, which scroll inside of their box. */

import { useState } from "preact/hooks";
import { label, raw } from "../data";
import { full } from "../format";
import { dashboards, link } from "../state";
import type { Tabular } from "../tabular";
import { Link } from "./Link";

const WORDS = new Set(["text", "date", "instant", "boolean", "list"]);

interface Props {
  content: Tabular;
  caption: string;
  limit?: number;
  currency: string;
}

export function Rows({ content, caption, limit = 500, currency }: Props) {
  const [order, setOrder] = useState<{ column: number; falls: boolean } | null>(null);
  const rows = order === null ? content.rows : [...content.rows].sort((a, b) => compare(a[order.column], b[order.column]) * (order.falls ? -1 : 1));
  const turn = (column: number): void => setOrder(order?.column === column ? (order.falls ? { column, falls: false } : null) : { column, falls: true });
  return (
    <div class="rows" tabIndex={0} role="region" aria-label={caption}>
      <table>
        <caption class="sr">{caption}</caption>
        <thead>
          <tr>
            {content.columns.map((column, place) => (
              <th key={column.key} scope="col" class={numeric(content, place) ? "right" : ""} aria-sort={order?.column === place ? (order.falls ? "descending" : "ascending") : "none"}>
                <button type="button" onClick={() => turn(place)}>{column.title}{order?.column === place ? (order.falls ? " ↓" : " ↑") : ""}</button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, limit).map((row, index) => (
            <tr key={index}>
              {content.columns.map((column, place) => {
                const value = row[place];
                if (column.link && typeof value === "string" && leads(column.link)) {
                  return <td key={column.key} data-value={value}><Link to={link(column.link, { user: value })}>{value}</Link></td>;
                }
                return <td key={column.key} data-value={raw(value)} class={numeric(content, place) ? "right" : ""}>{typeof value === "string" && !WORDS.has(column.format === "text" ? "" : column.format) ? label(value) : full(value, column.format, currency)}</td>;
              })}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > limit && <p class="more">the first {limit} of {rows.length} rows; the download has more</p>}
    </div>
  );
}

function leads(name: string): boolean {
  return dashboards.value?.pages.some((page) => page.name === name && page.subject !== null) ?? false;
}

function numeric(content: Tabular, place: number): boolean {
  const first = content.rows.find((row) => row[place] !== null && row[place] !== undefined)?.[place];
  return typeof first === "number" || (first === undefined && !WORDS.has(content.columns[place]!.format));
}

function compare(a: unknown, b: unknown): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return String(a ?? "").localeCompare(String(b ?? ""), undefined, { numeric: true });
}
