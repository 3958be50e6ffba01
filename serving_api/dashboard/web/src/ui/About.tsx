/** Where a drawing comes from: the endpoint, its marts, what they are made of, and who makes them. */

import { useEffect, useRef, useState } from "preact/hooks";
import { address, type Ask } from "../api";
import { at, rowsAt } from "../data";
import { instant } from "../format";
import { useAnswer, type Found } from "../source";
import type { Source } from "../spec";
import { completeThrough, dashboards } from "../state";
import { Icon } from "./Icon";

interface Props {
  title: string;
  source: Source;
  found: Found;
  asked: Ask;
  close: () => void;
}

export function About({ title, source, found, asked, close }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const marts = source.marts.length ? source.marts : ((at(found.answer?.body, "meta.marts") as string[] | undefined) ?? []);
  const may = ["admin", "analyst"].includes(dashboards.value?.role ?? "");
  const through = found.answer?.completeThrough ?? completeThrough.value;
  return (
    <dialog class="drawer" ref={dialog} onClose={close} onClick={(event) => event.target === dialog.current && dialog.current?.close()} aria-label={`Where ${title} comes from`}>
      <div class="drawer-inner">
        <header>
          <h2>{title}</h2>
          <button type="button" class="tool" aria-label="Close" onClick={() => dialog.current?.close()}><Icon name="close" /></button>
        </header>
        {source.description && <p>{source.description}</p>}
        <dl>
          <dt>Endpoint</dt>
          <dd><a href={`/docs#${source.path}`} target="_blank" rel="noreferrer">{source.query ? "POST" : "GET"} {source.path}</a></dd>
          <dt>Asked</dt>
          <dd><code>{asked.body === undefined ? address(asked) : JSON.stringify(asked.body)}</code></dd>
          <dt>Fresh</dt>
          <dd>{through ? `complete through ${instant(through)}` : "nothing has been published"}{found.answer?.generation ? `, generation ${found.answer.generation}` : ""}</dd>
        </dl>
        {may && marts.map((mart) => <Mart key={mart} name={mart} open={marts.length === 1} />)}
      </div>
    </dialog>
  );
}

function Mart({ name, open }: { name: string; open: boolean }) {
  const [shown, setShown] = useState(open);
  return (
    <details class="mart" open={open} onToggle={(event) => event.currentTarget.open && setShown(true)}>
      <summary><code>{name}</code></summary>
      {shown && <MartDetails name={name} />}
    </details>
  );
}

function MartDetails({ name }: { name: string }) {
  const lineage = useAnswer({ path: `/lineage/${name}` });
  const catalog = useAnswer({ path: "/catalog", parameters: { mart: name, limit: "200" } });
  const about = lineage.answer?.body;
  const upstream = rowsAt(about, "upstream");
  const kinds = ["raw", "seed", "staging", "intermediate", "mart"];
  const events = (at(about, "event_types") as string[] | undefined) ?? [];
  const dagster = dashboards.value?.dagster;
  return (
    <>
      {lineage.problem && <p class="muted">{lineage.problem.message}</p>}
      <p>{String(at(about, "description") ?? "")}</p>
      <p class="links">
        <a href={`/docs/dbt#!/model/model.marketplace.${name}`} target="_blank" rel="noreferrer">Model in dbt docs</a>
        {dagster && <a href={`${dagster}/assets/${name}`} target="_blank" rel="noreferrer">Asset in Dagster</a>}
      </p>
      <ol class="lineage">
        {kinds.map((kind) => {
          const names = upstream.filter((row) => row.kind === kind).map((row) => String(row.name));
          return names.length > 0 && <li key={kind}><span class="lineage-kind">{kind}</span>{names.map((one) => <code key={one}>{one}</code>)}</li>;
        })}
        <li><span class="lineage-kind">mart</span><code class="self">{name}</code></li>
      </ol>
      {events.length > 0 && <p class="muted">From events: {events.join(", ")}</p>}
      <table class="columns">
        <caption class="sr">Columns of {name}</caption>
        <thead><tr><th scope="col">Column</th><th scope="col">Meaning</th></tr></thead>
        <tbody>
          {rowsAt(catalog.answer?.body, "data").map((row) => (
            <tr key={String(row.column)}><td><code>{String(row.column)}</code></td><td>{String(row.description)}</td></tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
