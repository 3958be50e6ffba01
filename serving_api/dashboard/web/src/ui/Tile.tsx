/** One number, how it compares, and where it has been. */

import { at, number, raw, rowsAt, valueOf } from "../data";
import { brief, change, full, large } from "../format";
import { useSource, usePage } from "../source";
import type { TileItem } from "../spec";
import { Icon } from "./Icon";
import { Spark } from "./Spark";

export function Tile({ item }: { item: TileItem }) {
  const { span, chosen } = usePage();
  const now = useSource(item.source);
  const asksBefore = item.compare === "previous";
  const before = useSource(item.source, true, asksBefore);
  const spark = useSource(item.spark?.source ?? "", false, item.spark !== undefined);
  const currency = chosen.currency ?? "USD";

  const body = now.answer?.body;
  const value = valueOf(body, item.value, item.reduce);
  const past = asksBefore
    ? valueOf(before.answer?.body, item.value, item.reduce)
    : item.compare && at(body, `${item.compare}.previous`);
  const moved = item.compare === undefined ? null : asksBefore ? ratio(value, past) : number(at(body, `${item.compare}.change`));
  const sparkRows = item.spark && rowsAt(spark.answer?.body, item.spark.rows);
  const total = item.total === undefined ? undefined : at(body, item.total);

  return (
    <article class={`tile ${now.waiting && body !== undefined ? "waiting" : ""}`} aria-busy={now.waiting} data-tile={item.title}>
      <h3 title={item.help || undefined}>{item.title}</h3>
      {now.problem !== undefined && body === undefined ? (
        <p class="tile-problem">
          {now.problem.status === 404 ? "No figure" : now.problem.title} <button type="button" class="quiet" onClick={now.retry}>Retry</button>
        </p>
      ) : body === undefined ? (
        <div class="skeleton tile-skeleton" />
      ) : (
        <>
          <p class="tile-value" title={full(value, item.format, currency)} data-value={raw(value)}>{large(value, item.format, currency)}</p>
          {item.compare !== undefined && <Delta moved={moved} good={item.good} previous={(typeof past === "number" && Math.abs(past) >= 1e5 ? brief : large)(past, item.format, currency)} than={span.previously} />}
          {total !== undefined && total !== null && <p class="tile-total">{full(total, item.format, currency)} {item.total_title}</p>}
        </>
      )}
      {item.spark && <Spark values={(sparkRows ?? []).map((row) => number(row[item.spark!.value]))} />}
    </article>
  );
}

function ratio(now: unknown, then: unknown): number | null {
  return typeof now === "number" && typeof then === "number" && then !== 0 ? (now - then) / Math.abs(then) : null;
}

interface DeltaProps {
  moved: number | null;
  good: TileItem["good"];
  previous: string;
  than: string;
}

function Delta({ moved, good, previous, than }: DeltaProps) {
  if (moved === null) return <p class="delta flat" title={`${previous} in ${than}`}>{previous === "–" ? "nothing to compare with" : `from ${previous}`}</p>;
  const way = moved > 0.0005 ? "up" : moved < -0.0005 ? "down" : "flat";
  const mood = way === "flat" || good === "neither" ? "flat" : way === good ? "good" : "bad";
  return (
    <p class={`delta ${mood}`} title={`${previous} in ${than}`}>
      {way !== "flat" && <Icon name={way} size={13} />}
      {way === "flat" ? "unchanged" : change(moved)}
      <span class="delta-from"> from {previous}</span>
      <span class="sr"> in {than}</span>
    </p>
  );
}
