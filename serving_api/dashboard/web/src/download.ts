/** The numbers of a card as a file: as the API writes them where it can, else those that are on the screen. */

import { send } from "./api";
import { csv, question, save } from "./data";
import type { Context } from "./source";
import type { PanelItem } from "./spec";
import type { Tabular } from "./tabular";

export type FileFormat = "csv" | "xlsx" | "parquet";
export const FILE_FORMATS: Record<FileFormat, string> = { csv: "CSV", xlsx: "Excel", parquet: "Parquet" };

/** The formats that there are of a card. */
export function formatsOf(item: PanelItem, { page }: Context): FileFormat[] {
  const source = page.sources[item.source];
  const written = source?.query !== undefined || ("rows" in item && source?.files?.includes(item.rows));
  return written ? (Object.keys(FILE_FORMATS) as FileFormat[]) : ["csv"];
}

/** Save all rows with all their digits. */
export async function download(item: PanelItem, context: Context, content: Tabular, format: FileFormat): Promise<void> {
  const name = `${context.page.name}-${item.title.toLowerCase().replace(/[^a-z0-9]+/g, "-")}.${format}`;
  const source = context.page.sources[item.source]!;
  const asked = question(source, context);
  if (source.query !== undefined) {
    const response = await send({ ...asked, parameters: { format } }, "*/*");
    save(name, await response.blob());
  } else if (formatsOf(item, context).length > 1 && "rows" in item) {
    const { limit: _, ...parameters } = asked.parameters ?? {};
    const part = item.rows === "data" ? {} : { part: item.rows };
    const response = await send({ path: asked.path, parameters: { ...parameters, ...part, format } }, "*/*");
    save(name, await response.blob());
  } else {
    save(name, new Blob([csv(content.columns.map((column) => column.title), content.rows)], { type: "text/csv" }));
  }
}
