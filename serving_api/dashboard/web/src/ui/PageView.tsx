/** A dashboard: its controls, its numbers, its drawings. */

import { lazy, Suspense } from "preact/compat";
import { useMemo } from "preact/hooks";
import { dayOf, span as spanOf } from "../periods";
import { PageContext } from "../source";
import type { Item, Page, PanelItem, TileItem, ToolItem } from "../spec";
import { chosen, completeThrough, dashboards } from "../state";
import { Controls, useSubjects } from "./Controls";
import { Panel } from "./Panel";
import { Tile } from "./Tile";

const Builder = lazy(() => import("../tools/Builder"));
const MOST_TILES = 6;
const Exports = lazy(() => import("../tools/Exports"));

export function PageView({ page }: { page: Page }) {
  const last = dayOf(completeThrough.value ?? new Date().toISOString(), chosen.value.tz ?? "UTC");
  const span = useMemo(() => spanOf(page, chosen.value, last), [page, chosen.value, last]);
  const { names: subjects, looking } = useSubjects(page, span);
  const subject = page.subject === null ? (dashboards.value?.subject ?? "") : (chosen.value.user ?? subjects[0] ?? "");
  const context = useMemo(() => ({ page, span, chosen: chosen.value, subject }), [page, span, chosen.value, subject]);
  const waits = page.subject !== null && subject === "";
  return (
    <PageContext.Provider value={context}>
      <header class="page-head">
        <div>
          <h1>{page.title}</h1>
          <p>{page.summary}</p>
        </div>
        <Controls page={page} span={span} subject={subject} />
      </header>
      {waits && looking ? (
        <div class="skeleton panel-skeleton" role="status" aria-label="Loading" />
      ) : waits ? (
        <div class="notice big"><p>There is nobody to show a page of in these days.</p><p class="muted">An id can be typed above, and a longer period may show somebody.</p></div>
      ) : (
        page.sections.map((section, place) => (
          <section class="section" key={`${page.name}-${place}`}>
            {section.title && <h2>{section.title}</h2>}
            {section.help && <p class="muted">{section.help}</p>}
            <Items items={section.items} />
          </section>
        ))
      )}
    </PageContext.Provider>
  );
}

function Items({ items }: { items: Item[] }) {
  const tiles = items.filter((item): item is TileItem => item.kind === "tile");
  const others = items.filter((item): item is PanelItem | ToolItem => item.kind !== "tile");
  return (
    <>
      {tiles.length > 0 && <div class="tiles" style={{ "--columns": columns(tiles.length) }}>{tiles.map((item) => <Tile key={item.title} item={item} />)}</div>}
      {others.length > 0 && (
        <div class="panels">
          {others.map((item) => (isTool(item) ? <Tool key={item.title} item={item} /> : <Panel key={item.title} item={item} />))}
        </div>
      )}
    </>
  );
}

/** Tiles of a row, so that no row is much shorter than the others. */
function columns(tiles: number): number {
  return Math.max(4, Math.ceil(tiles / Math.ceil(tiles / MOST_TILES)));
}

function Tool({ item }: { item: ToolItem }) {
  const Shown = item.kind === "builder" ? Builder : Exports;
  return (
    <div class="wide">
      <Suspense fallback={<div class="skeleton panel-skeleton" role="status" aria-label="Loading" />}>
        <Shown />
      </Suspense>
    </div>
  );
}

function isTool(item: PanelItem | ToolItem): item is ToolItem {
  return item.kind === "builder" || item.kind === "exports";
}
