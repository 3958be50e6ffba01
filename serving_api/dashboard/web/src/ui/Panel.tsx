/** A card with a drawing: its heading, what can be done with it, and how fresh and how final it is. */

import { useMemo, useState } from "preact/hooks";
import { bridgeOption } from "../charts/bridge";
import { Chart } from "../charts/Chart";
import { heatmapOption } from "../charts/heatmap";
import { seriesOption } from "../charts/series";
import { at, laid, question, rowsAt } from "../data";
import { download, FILE_FORMATS, type FileFormat, formatsOf } from "../download";
import { full, instant } from "../format";
import { type Finality, useFinality } from "../finality";
import { reason, type Sought, useOutlook } from "../outlook";
import { useSource, usePage, type Found } from "../source";
import type { PanelItem, SeriesItem } from "../spec";
import { completeThrough } from "../state";
import { isEmpty, tabular, type Tabular, withOutlook } from "../tabular";
import { palette, still } from "../theme";
import { About } from "./About";
import { Facts, Funnel, Lights, Progress, Ranking, Versus } from "./Bars";
import { Feed } from "./Feed";
import { Icon } from "./Icon";
import { Rows } from "./Rows";

const HEIGHT = 264;

export function Panel({ item }: { item: PanelItem }) {
  const context = usePage();
  const found = useSource(item.source);
  const [asTable, setAsTable] = useState(false);
  const [about, setAbout] = useState(false);
  const currency = context.chosen.currency ?? "USD";
  const body = found.answer?.body;
  const source = context.page.sources[item.source]!;
  const final = useFinality(item, body);
  const outlook = useOutlook(item, final);
  const content = useMemo(() => {
    if (body === undefined) return undefined;
    const found = tabular(item, body);
    return isEmpty(found) ? found : withOutlook(found, outlook, final.step);
  }, [item, body, outlook.ahead, outlook.unusual, final.step]);
  const drawn = item.kind !== "table" && item.kind !== "facts";

  const [fault, setFault] = useState("");
  const take = (format: FileFormat): void => {
    if (content === undefined) return;
    setFault("");
    download(item, context, content, format).catch((error: Error) => setFault(error.message));
  };

  return (
    <section class={`panel ${found.waiting && body !== undefined ? "waiting" : ""}`} style={{ "--width": item.width }} aria-label={item.title} aria-busy={found.waiting || outlook.waiting} data-panel={item.title}>
      <header>
        <div class="panel-title">
          <h3>{item.title}</h3>
          {item.help && <p>{item.help}</p>}
        </div>
        <div class="panel-tools">
          {drawn && (
            <button type="button" class="tool" aria-pressed={asTable} title={asTable ? "Show as chart" : "Show as table"} aria-label={`${item.title}: ${asTable ? "show as chart" : "show as table"}`} onClick={() => setAsTable(!asTable)}>
              <Icon name={asTable ? "chart" : "table"} />
            </button>
          )}
          <button type="button" class="tool" title="Download as CSV" aria-label={`${item.title}: download as CSV`} onClick={() => take("csv")} disabled={content === undefined}>
            <Icon name="download" />
          </button>
          <button type="button" class="tool" title="Where this comes from" aria-label={`${item.title}: where this comes from`} onClick={() => setAbout(true)}>
            <Icon name="info" />
          </button>
        </div>
      </header>
      <div class="panel-body">
        <Body item={item} found={found} final={final} outlook={outlook} content={content} asTable={asTable || item.kind === "table"} currency={currency} />
      </div>
      {(asTable || !drawn) && content !== undefined && content.rows.length > 0 && (
        <p class="take">
          All rows as {formatsOf(item, context).map((format) => <button type="button" class="quiet" key={format} aria-label={`${item.title}: as ${FILE_FORMATS[format]}`} onClick={() => take(format)}>{FILE_FORMATS[format]}</button>)}
        </p>
      )}
      {fault && <p class="fault" role="alert">{fault}</p>}
      <Footer item={item} found={found} final={final} outlook={outlook} />
      {about && <About title={item.title} source={source} found={found} asked={question(source, context)} close={() => setAbout(false)} />}
    </section>
  );
}

interface BodyProps {
  item: PanelItem;
  found: Found;
  final: Finality;
  outlook: Sought;
  content: Tabular | undefined;
  asTable: boolean;
  currency: string;
}

function Body({ item, found, final, outlook, content, asTable, currency }: BodyProps) {
  const body = found.answer?.body;
  const rows = useMemo(() => ("rows" in item ? rowsAt(body, item.rows) : []), [item, body]);
  const colours = palette.value;
  const option = useMemo(() => {
    if (item.kind === "heatmap") return heatmapOption(item, rows, colours, still);
    return item.kind === "bridge" ? bridgeOption(item, rows.at(-1) ?? {}, colours, still) : undefined;
  }, [item, rows, colours]);

  if (found.problem !== undefined && body === undefined) {
    return (
      <div class="notice" role="alert">
        <p><strong>{found.problem.title}</strong></p>
        <p>{found.problem.detail}</p>
        <button type="button" class="button" onClick={found.retry}><Icon name="retry" /> Retry</button>
      </div>
    );
  }
  if (content === undefined) return <div class="skeleton panel-skeleton" role="status" aria-label="Loading" />;
  if (content.rows.length === 0 || (item.kind !== "table" && isEmpty(content))) {
    return <div class="notice"><p>Nothing happened in these days.</p>{item.kind !== "feed" && <p class="muted">A longer period may show more.</p>}</div>;
  }
  if (asTable) return <Rows content={content} caption={item.title} currency={currency} />;
  switch (item.kind) {
    case "line": case "area": case "bar": case "stacked":
      return <Series item={item} currency={currency} final={final} outlook={outlook} />;
    case "heatmap":
      return <Chart option={option!} height={Math.max(HEIGHT, 60 + 26 * new Set(rows.map((row) => row[item.y])).size)} label={`${item.title}: a heat map; the table has its numbers`} />;
    case "bridge":
      return <Chart option={option!} height={HEIGHT} label={`${item.title}: ${content.rows.map((row) => `${String(row[0])} ${full(row[1], item.format)}`).join(", ")}`} />;
    case "ranking": return <Ranking item={item} body={body} currency={currency} />;
    case "funnel": return <Funnel item={item} body={body} />;
    case "progress": return <Progress item={item} body={body} />;
    case "versus": return <Versus item={item} body={body} />;
    case "status": return <Lights item={item} body={body} />;
    case "feed": return <Feed item={item} body={body} />;
    case "facts": return <Facts content={content} currency={currency} />;
    case "table": return null;
  }
}

interface SeriesProps {
  item: SeriesItem;
  currency: string;
  final: Finality;
  outlook: Sought;
}

function Series({ item, currency, final, outlook: { ahead, unusual } }: SeriesProps) {
  const before = useSource(item.source, true, item.previous);
  const then = useMemo(() => (before.answer ? laid(item, before.answer.body) : undefined), [item, before.answer]);
  const { now, step, open, revised } = final;
  const colours = palette.value;
  const option = useMemo(
    () => seriesOption({ item, now, before: then, step, provisional: open, revised, outlook: { ahead, unusual }, currency, palette: colours, still }),
    [item, now, then, step, open, revised, ahead, unusual, currency, colours],
  );
  const words = now.series.map((one) => `${one.name} ${full(one.values.at(-1), one.field.format, currency)}`).join(", ");
  const more = [unusual.size > 0 && `${unusual.size} out of line`, ahead.length > 0 && `${ahead.length} expected`].filter(Boolean).join(", ");
  return <Chart option={option} height={HEIGHT} label={`${item.title}: ${now.x.length} points, the last ${words}${more && `; ${more}`}; the table has all numbers`} />;
}

function Footer({ item, found, final, outlook }: Pick<BodyProps, "item" | "found" | "final" | "outlook">) {
  const { page, span } = usePage();
  const answer = found.answer;
  if (answer === undefined) return <footer />;
  const cut = page.sources[item.source]?.takes.limit !== undefined && typeof at(answer.body, "meta.next") === "string";
  const through = answer.completeThrough ?? completeThrough.value;
  const parts = [
    through && `through ${instant(through)}`,
    answer.generation && `generation ${answer.generation}`,
    cut && "only the first rows: choose fewer days or a longer step",
    final.open && `this ${final.step} is provisional`,
    final.revised.size > 0 && `${final.revised.size} revised (◆)`,
    outlook.ahead.length > 0 && "shaded: four of five days are expected there",
    outlook.unusual.size > 0 && `${[...outlook.unusual.values()].flat().length} out of line (▲▼)`,
    outlook.problem && `without what is expected: ${outlook.problem}`,
    "previous" in item && item.previous && `dotted: ${span.previously}`,
    found.problem && `showing earlier numbers: ${found.problem.title}`,
  ];
  const why = [...outlook.unusual.values()].flat().map((one) => reason(one, "series" in item ? item.format : "number", ""));
  return <footer title={[...[...final.revised.values()].flat(), ...why].join("\n") || "How far the events go that are in these numbers"}>{parts.filter(Boolean).join(" · ")}</footer>;
}
