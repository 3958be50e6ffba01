/** Drawings that are made of elements: rankings, funnels, progress, comparisons, lights. */

import { at, label, number, raw, rowsAt } from "../data";
import { full } from "../format";
import type { Tabular } from "../tabular";
import type { Format, ProgressItem, RankingItem, StatusItem, StepsItem, VersusItem } from "../spec";

interface BarProps {
  name: string;
  share: number;
  value: string;
  raw: number | null;
  note?: string | undefined;
  tone?: number;
}

function Bar({ name, share, value, raw, note, tone = 0 }: BarProps) {
  return (
    <li class="bar">
      <span class="bar-name" title={name}>{name}</span>
      <span class="bar-value" data-value={raw ?? ""}>{value}{note && <span class="bar-note"> {note}</span>}</span>
      <span class="bar-track"><span class={`bar-fill tone-${tone}`} style={{ width: `${Math.max(0, Math.min(1, share)) * 100}%` }} /></span>
    </li>
  );
}

export function Ranking({ item, body, currency }: { item: RankingItem; body: unknown; currency: string }) {
  // The same kind in several rows, one a step of time, is one bar.
  const sums = new Map<string, { value: number; detail: unknown }>();
  for (const row of rowsAt(body, item.rows)) {
    const name = label(row[item.label]);
    const known = sums.get(name);
    sums.set(name, { value: (known?.value ?? 0) + (number(row[item.value]) ?? 0), detail: known ? undefined : item.detail && row[item.detail] });
  }
  const rows = [...sums].sort((a, b) => b[1].value - a[1].value);
  const most = Math.max(...rows.map(([, one]) => one.value), 0) || 1;
  const rest = rows.length - item.limit;
  return (
    <>
      <ol class="bars">
        {rows.slice(0, item.limit).map(([name, { value, detail }]) => (
          <Bar key={name} name={name} share={value / most} raw={value} value={full(value, item.format, currency)} note={typeof detail === "number" ? full(detail, item.detail === "percent" ? "percent" : "fraction") : undefined} />
        ))}
      </ol>
      {rest > 0 && <p class="more">and {rest} more in the table</p>}
    </>
  );
}

export function Funnel({ item, body }: { item: StepsItem; body: unknown }) {
  const row = rowsAt(body, item.rows).at(-1) ?? {};
  const values = item.steps.map((step) => number(row[step.field]) ?? 0);
  const most = Math.max(...values, 0) || 1;
  return (
    <ol class="bars funnel">
      {item.steps.map((step, place) => {
        const value = values[place]!;
        const above = values[place - 1];
        const note = above ? `${full(value / above, "fraction")} of the step before` : undefined;
        return <Bar key={step.key} name={step.title} share={value / most} raw={value} value={full(value, step.format)} note={note} tone={place} />;
      })}
    </ol>
  );
}

export function Progress({ item, body }: { item: ProgressItem; body: unknown }) {
  const standing = item.label === undefined ? undefined : at(body, item.label);
  return (
    <>
      {standing !== undefined && <p class="standing">{label(standing)}</p>}
      <ol class="bars">
        {item.goals.map((goal) => {
          const [value, target] = [number(at(body, goal.value)), number(at(body, goal.target))];
          const text = target === null ? full(value, goal.format) : `${full(value, goal.format)} of ${full(target, goal.format)}`;
          return <Bar key={goal.title} name={goal.title} raw={value} share={target ? (value ?? 0) / target : value === null ? 0 : 1} value={text} />;
        })}
      </ol>
    </>
  );
}

export function Versus({ item, body }: { item: VersusItem; body: unknown }) {
  return (
    <ul class="versus">
      {item.figures.map((figure) => {
        const [own, average] = [number(at(body, `${figure.field}.own`)), number(at(body, `${figure.field}.average`))];
        const most = Math.max(own ?? 0, average ?? 0) || 1;
        return (
          <li key={figure.key}>
            <h4>{figure.title}</h4>
            <ol class="bars">
              <Bar name="Own" share={(own ?? 0) / most} raw={own} value={full(own, figure.format as Format)} />
              <Bar name="Average of the level" share={(average ?? 0) / most} raw={average} value={full(average, figure.format as Format)} tone={9} />
            </ol>
          </li>
        );
      })}
    </ul>
  );
}

export function Lights({ item, body }: { item: StatusItem; body: unknown }) {
  return (
    <ul class="lights">
      {rowsAt(body, item.rows).map((row) => (
        <li key={String(row[item.label])} class={row[item.state] ? "ok" : "off"}>
          <span class="light" aria-hidden="true" />
          <span class="light-name">{label(row[item.label])}</span>
          <span class="light-state">{row[item.state] ? "up" : "down"}</span>
          {item.value && <span class="light-value" data-value={raw(row[item.value])}>{full(row[item.value], item.format)}</span>}
        </li>
      ))}
    </ul>
  );
}

export function Facts({ content, currency }: { content: Tabular; currency: string }) {
  const row = content.rows[0] ?? [];
  return (
    <dl class="facts">
      {content.columns.map((column, place) => (
        <div key={column.key}>
          <dt>{column.title}</dt>
          <dd data-value={raw(row[place])}>{typeof row[place] === "string" && !/date|instant/.test(column.format) ? label(row[place]) : full(row[place], column.format, currency)}</dd>
        </div>
      ))}
    </dl>
  );
}
