/** Dashboards as `/api/v1/dashboards` tells them; `serving_api/dashboard/spec.py` says what each member means. */

export type Format =
  | "usd" | "money" | "count" | "number" | "fraction" | "percent" | "score" | "hours" | "days" | "seconds" | "ms" | "bytes"
  | "text" | "date" | "instant" | "boolean" | "list" | "currency";

export interface Field {
  key: string;
  field: string;
  title: string;
  format: Format;
  rows?: string;
  /** The dashboard of whom it names. */
  link?: string;
}

export interface Query {
  metrics: string[];
  dimensions?: string[];
  grain?: string;
  filters?: { dimension: string; operator?: "in" | "not_in"; values: (string | number)[] }[];
  order?: string[];
  limit?: number;
}

export interface Source {
  path: string;
  query?: Query;
  days?: "page" | "month" | "none";
  parameters: Record<string, string>;
  takes: Record<string, string[]>;
  /** Places of the answer that the API itself writes as files. */
  files?: string[];
  marts: string[];
  /** Of which `mart.column` a field is, by `part.field` or `field`. */
  columns?: Record<string, string>;
  description?: string;
}

interface Base {
  title: string;
  source: string;
  help: string;
  width: number;
}

export interface TileItem extends Base {
  kind: "tile";
  value: string;
  reduce: "sum" | "first" | "last";
  format: Format;
  compare?: string;
  good: "up" | "down" | "neither";
  total?: string;
  total_title: string;
  spark?: { source: string; rows: string; value: string };
}

export interface SeriesItem extends Base {
  kind: "line" | "area" | "bar" | "stacked";
  rows: string;
  x: string;
  series: Field[];
  split?: string;
  value?: string;
  only: Record<string, string>;
  format: Format;
  previous: boolean;
  /** The watched figure that is drawn. */
  outlook?: string;
}

export interface RankingItem extends Base {
  kind: "ranking";
  rows: string;
  label: string;
  value: string;
  format: Format;
  limit: number;
  detail?: string;
}

export interface TableItem extends Base {
  kind: "table" | "facts";
  rows: string;
  columns: Field[];
  limit: number;
}

export interface HeatmapItem extends Base {
  kind: "heatmap";
  rows: string;
  x: string;
  y: string;
  value: string;
  format: Format;
  size?: string;
}

export interface StepsItem extends Base {
  kind: "funnel" | "bridge";
  rows: string;
  steps: Field[];
  falls: string[];
  whole: string[];
  format: Format;
}

export interface ProgressItem extends Base {
  kind: "progress";
  label?: string;
  goals: { title: string; value: string; target: string; format: Format }[];
}

export interface VersusItem extends Base {
  kind: "versus";
  figures: Field[];
}

export interface StatusItem extends Base {
  kind: "status";
  rows: string;
  label: string;
  state: string;
  value?: string;
  format: Format;
}

export interface FeedItem extends Base {
  kind: "feed";
  rows: string;
  text: string;
  time: string;
  detail?: string;
}

export interface ToolItem extends Base {
  kind: "builder" | "exports";
}

export type PanelItem =
  | SeriesItem | RankingItem | TableItem | HeatmapItem | StepsItem | ProgressItem | VersusItem | StatusItem | FeedItem;
export type Item = TileItem | PanelItem | ToolItem;

export interface Section {
  title: string;
  help: string;
  items: Item[];
}

export interface Page {
  name: string;
  title: string;
  group: string;
  summary: string;
  time: "period" | "range" | "dates" | "none";
  times: string[];
  subject: { title: string; source: string; field: string } | null;
  sources: Record<string, Source>;
  sections: Section[];
}

export interface Dashboards {
  subject: string;
  role: string;
  dagster: string | null;
  generation: number | null;
  complete_through: string | null;
  pages: Page[];
}
