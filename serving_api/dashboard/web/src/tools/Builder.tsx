/** The report builder: metrics, what they are told apart by, a drawing, and reports that are kept. */

import { useMemo, useState } from "preact/hooks";
import { send } from "../api";
import { rowsAt, save, type Row } from "../data";
import { date } from "../format";
import { useAnswer, usePage } from "../source";
import type { Field, Format, Query } from "../spec";
import { choose, chosen, dashboards } from "../state";
import { Icon } from "../ui/Icon";
import { Rows } from "../ui/Rows";
import { Drawing, type Shown } from "./Drawing";
import { Saved } from "./Saved";

const CATALOG = "/api/v1/admin/reports/catalog";
const QUERY = "/api/v1/admin/reports/query";
const GRAINS = ["day", "week", "month", "quarter", "year"];
const FEW_ROWS = 12;

interface Metric {
  name: string;
  label: string;
  description: string;
  format: Format;
  kind: string;
  dimensions: string[];
}

interface Dimension {
  name: string;
  description: string;
  type: "text" | "integer";
  is_segment: boolean;
}

export interface Column extends Field {
  kind: "metric" | "dimension" | "time";
}

const list = (text: string | undefined): string[] => (text ? text.split(",") : []);

/** What the address asks for. */
function asked(): { metrics: string[]; dimensions: string[]; grain: string; filters: NonNullable<Query["filters"]> } {
  let filters: NonNullable<Query["filters"]> = [];
  try {
    filters = JSON.parse(chosen.value.filters ?? "[]") as typeof filters;
  } catch {
    // A link that somebody changed by hand.
  }
  return { metrics: list(chosen.value.metrics), dimensions: list(chosen.value.by), grain: chosen.value.grain ?? "", filters };
}

export default function Builder() {
  const { span } = usePage();
  const { metrics, dimensions, grain, filters } = asked();
  const all = useAnswer({ path: CATALOG });
  const together = useAnswer(metrics.length ? { path: CATALOG, parameters: { metrics: metrics.join(",") } } : undefined);
  const known = rowsAt(all.answer?.body, "metrics") as unknown as Metric[];
  const fitting = metrics.length ? together.answer : all.answer;
  const possible = new Set(rowsAt(fitting?.body, "metrics").map((row) => String(row.name)));
  const by = rowsAt(fitting?.body, "dimensions") as unknown as Dimension[];
  const grains = ((fitting?.body as { grains?: string[] } | undefined)?.grains ?? GRAINS).filter((one) => GRAINS.includes(one));
  const dated = grains.length > 0;

  const query: Query = {
    metrics,
    ...(dimensions.length && { dimensions }),
    ...(dated && grain && { grain }),
    ...(filters.length && { filters }),
  };
  const days = dated ? { start_date: span.start, end_date: span.end } : {};
  const found = useAnswer(metrics.length && together.answer ? { path: QUERY, body: { ...query, ...days } } : undefined);
  const set = (next: Record<string, string>): void => choose(next);
  const toggle = (name: string, held: string[], key: string): void =>
    set({ [key]: (held.includes(name) ? held.filter((one) => one !== name) : [...held, name]).join(",") });

  const body = found.answer?.body;
  const rows = rowsAt(body, "data");
  const columns = useMemo(() => columnsOf(body), [body]);
  const content = useMemo(() => ({ columns, rows: rows.map((row) => columns.map((column) => row[column.field])) }), [columns, body]);
  const download = async (): Promise<void> => {
    const response = await send({ path: QUERY, body: { ...query, ...days }, parameters: { format: "csv" } }, "text/csv");
    save(`report-${metrics.join("-").slice(0, 60)}.csv`, await response.blob());
  };

  return (
    <div class="work">
      <aside>
        <Pick title="Metrics" items={known} held={metrics} allowed={metrics.length ? possible : undefined} pick={(name) => toggle(name, metrics, "metrics")} />
        <Pick title="Told apart by" items={by} held={dimensions} pick={(name) => toggle(name, dimensions, "by")} />
        <fieldset>
          <legend>Step of time</legend>
          <select name="grain" aria-label="Step of time" value={dated ? grain : ""} disabled={!dated} onChange={(event) => set({ grain: event.currentTarget.value })}>
            <option value="">{dated ? "One figure for all days" : "As of the last day"}</option>
            {grains.map((one) => <option key={one} value={one}>By {one}</option>)}
          </select>
        </fieldset>
        <Filters dimensions={by} filters={filters} keep={(next) => set({ filters: next.length ? JSON.stringify(next) : "" })} />
      </aside>
      <div>
        <div class="row">
          <div class="chips grow">
            {[...metrics.map((name) => ({ name, key: "metrics", held: metrics })), ...dimensions.map((name) => ({ name, key: "by", held: dimensions }))].map(({ name, key, held }) => (
              <span class="chip" key={`${key} ${name}`}>
                {known.find((one) => one.name === name)?.label ?? `by ${name}`}
                <button type="button" aria-label={`Leave out ${name}`} onClick={() => toggle(name, held, key)}>×</button>
              </span>
            ))}
          </div>
          <label>
            <span class="sr">Drawn as</span>
            <select name="drawn" value={chosen.value.drawn ?? ""} onChange={(event) => set({ drawn: event.currentTarget.value })}>
              {[["", "As suggested"], ["line", "Line"], ["area", "Area"], ["bar", "Bars"], ["stacked", "Stacked bars"], ["table", "Table only"]].map(([value, title]) => <option key={value} value={value}>{title}</option>)}
            </select>
          </label>
          <button type="button" class="button" disabled={body === undefined} onClick={() => void download()}><Icon name="download" /> CSV</button>
        </div>
        {metrics.length === 0 ? (
          <div class="notice"><p><strong>Choose a metric at the left.</strong></p><p class="muted">What cannot be asked together with it is greyed out. The days are those chosen above.</p></div>
        ) : found.problem ? (
          <div class="notice" role="alert"><p><strong>{found.problem.title}</strong></p><p>{found.problem.detail}</p></div>
        ) : body === undefined ? (
          <div class="skeleton panel-skeleton" role="status" aria-label="Loading" />
        ) : (
          <div class={found.waiting ? "waiting" : ""}>
            <Drawing rows={rows} columns={columns} drawn={(chosen.value.drawn ?? "") as Shown} suggested={suggested(body)} />
            <Rows content={content} caption="The report" currency="USD" limit={rows.length > FEW_ROWS ? 500 : FEW_ROWS} />
            <p class="more">{rows.length} rows{dated && ` · ${date(span.start)} to ${date(span.end)}`} · generation {String(found.answer?.generation ?? "")}</p>
          </div>
        )}
        {dashboards.value?.role === "admin" && <Saved query={metrics.length ? query : null} dated={dated} />}
      </div>
    </div>
  );
}

function columnsOf(body: unknown): Column[] {
  return rowsAt(body, "meta.columns").map((column) => ({
    key: String(column.name), field: String(column.name), title: String(column.label), format: column.format as Format, kind: column.kind as Column["kind"],
  }));
}

function suggested(body: unknown): Row {
  return rowsAt(body, "meta.chart")[0] ?? {};
}

interface PickProps {
  title: string;
  items: { name: string; label?: string; description: string }[];
  held: string[];
  allowed?: Set<string> | undefined;
  pick: (name: string) => void;
}

function Pick({ title, items, held, allowed, pick }: PickProps) {
  const [text, setText] = useState("");
  const wanted = text.toLowerCase();
  const shown = items.filter((one) => `${one.label ?? ""} ${one.name} ${one.description}`.toLowerCase().includes(wanted));
  return (
    <fieldset>
      <legend>{title}</legend>
      <input type="search" placeholder="Search" aria-label={`Search ${title.toLowerCase()}`} value={text} onInput={(event) => setText(event.currentTarget.value)} />
      <div class="pick">
        {shown.map((one) => {
          const may = held.includes(one.name) || allowed === undefined || allowed.has(one.name);
          return (
            <label key={one.name} class={may ? "" : "off"} title={may ? one.description : `${one.description} Cannot be asked together with the metrics chosen.`}>
              <input type="checkbox" checked={held.includes(one.name)} disabled={!may} onChange={() => pick(one.name)} />
              {one.label ?? one.name.replaceAll("_", " ")}
            </label>
          );
        })}
      </div>
    </fieldset>
  );
}

interface FilterProps {
  dimensions: Dimension[];
  filters: NonNullable<Query["filters"]>;
  keep: (filters: NonNullable<Query["filters"]>) => void;
}

function Filters({ dimensions, filters, keep }: FilterProps) {
  return (
    <fieldset>
      <legend>Only where</legend>
      {filters.map((filter, place) => (
        <span class="chip" key={place}>
          {filter.dimension.replaceAll("_", " ")} {filter.operator === "not_in" ? "is not" : "is"} {filter.values.join(" or ")}
          <button type="button" aria-label={`Leave out the filter on ${filter.dimension}`} onClick={() => keep(filters.filter((_, other) => other !== place))}>×</button>
        </span>
      ))}
      <form
        class="row form"
        onSubmit={(event) => {
          event.preventDefault();
          const given = new FormData(event.currentTarget);
          const dimension = String(given.get("dimension"));
          const words = String(given.get("values")).split(",").map((word) => word.trim()).filter(Boolean);
          const numeric = dimensions.find((one) => one.name === dimension)?.type === "integer";
          if (!dimension || !words.length) return;
          keep([...filters, { dimension, operator: given.get("operator") as "in" | "not_in", values: numeric ? words.map(Number) : words }]);
          event.currentTarget.reset();
        }}
      >
        <select name="dimension" aria-label="Dimension">{dimensions.map((one) => <option key={one.name} value={one.name}>{one.name.replaceAll("_", " ")}{one.is_segment ? " (segment)" : ""}</option>)}</select>
        <select name="operator" aria-label="Is or is not"><option value="in">is</option><option value="not_in">is not</option></select>
        <input name="values" aria-label="Values, by commas" placeholder="values, by commas" size={14} />
        <button type="submit" class="button" disabled={!dimensions.length}>Add</button>
      </form>
    </fieldset>
  );
}
