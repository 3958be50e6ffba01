/** Reports that are kept: opened here, run as files, sent on a schedule. */

import { useState } from "preact/hooks";
import { fetched, type Problem } from "../api";
import { rowsAt } from "../data";
import { instant } from "../format";
import { useAnswer } from "../source";
import type { Query } from "../spec";
import { choose, chosen } from "../state";
import { began } from "./runs";

const REPORTS = "/api/v1/admin/reports";

interface Report {
  id: string;
  name: string;
  created_by: string;
  report_type: string;
  config: { query?: Query & { range?: string; start_date?: string; end_date?: string } };
  is_scheduled: boolean;
  schedule_cron: string | null;
  last_run_at: string | null;
}

export function Saved({ query, dated }: { query: Query | null; dated: boolean }) {
  const found = useAnswer({ path: REPORTS });
  const [said, setSaid] = useState("");
  const reports = (rowsAt(found.answer?.body, "reports") as unknown as Report[]).filter((one) => one.report_type === "query");

  const does = async (what: string, question: Parameters<typeof fetched>[0], file = ""): Promise<void> => {
    try {
      const { body } = await fetched(question);
      if (file) began(body, file);
      setSaid(what);
      found.retry();
    } catch (error) {
      setSaid((error as Problem).message);
    }
  };
  const open = ({ config }: Report): void => {
    const asked = config.query;
    if (asked === undefined) return;
    choose({
      metrics: asked.metrics.join(","), by: (asked.dimensions ?? []).join(","), grain: asked.grain ?? "",
      filters: asked.filters?.length ? JSON.stringify(asked.filters) : "", range: asked.range ?? "",
      start: asked.start_date ?? "", end: asked.end_date ?? "",
    });
  };

  return (
    <section class="saved" aria-label="Saved reports">
      <h2>Saved reports</h2>
      {said && <p role="status" class="muted">{said}</p>}
      {found.problem && <p role="alert">{found.problem.message}</p>}
      <ul class="list">
        {reports.map((report) => (
          <li key={report.id}>
            <button type="button" class="quiet" onClick={() => open(report)}>{report.name}</button>
            <span class="muted grow">by {report.created_by}{report.is_scheduled ? ` · at ${report.schedule_cron} UTC` : ""}{report.last_run_at ? ` · last ${instant(report.last_run_at)}` : ""}</span>
            <button type="button" class="button" onClick={() => void does(`${report.name} is being made; its file will be listed under Exports.`, { path: `${REPORTS}/${report.id}/runs`, method: "POST" }, `Saved report: ${report.name}`)}>Run</button>
            <button type="button" class="button" onClick={() => void does(`${report.name} is deleted.`, { path: `${REPORTS}/${report.id}`, method: "DELETE" })}>Delete</button>
          </li>
        ))}
        {!reports.length && found.answer && <li class="muted">None yet.</li>}
      </ul>
      {query !== null && (
        <form
          class="row form"
          onSubmit={(event) => {
            event.preventDefault();
            const form = event.currentTarget;
            const given = new FormData(form);
            const text = (name: string): string => String(given.get(name) ?? "").trim();
            const range = chosen.value.range ?? "30d";
            // A range moves on with the days, dates stay what they are.
            const moves = ["7d", "30d", "90d", "12m"].includes(range) && !chosen.value.start;
            const days = !dated ? {} : moves ? { range } : { start_date: chosen.value.start, end_date: chosen.value.end };
            const body = {
              name: text("name"), report_type: "query", config: { query: { ...query, ...days }, format: text("format") }, is_shared: given.has("shared"),
              ...(text("cron") && { is_scheduled: true, schedule_cron: text("cron"), recipients: text("recipients").split(/[\s,;]+/).filter(Boolean) }),
            };
            void does(`${body.name} is saved.`, { path: REPORTS, body }).then(() => form.reset());
          }}
        >
          <label>Name <input name="name" required maxLength={100} /></label>
          <label>File <select name="format">{["xlsx", "csv", "json", "ndjson", "parquet"].map((one) => <option key={one}>{one}</option>)}</select></label>
          <label>Schedule (UTC) <input name="cron" placeholder="0 6 * * 1" size={12} pattern="\S+( \S+){4}" title="Minute, hour, day of month, month, day of week; empty for no schedule" /></label>
          <label>Sent to <input name="recipients" placeholder="cfo@example.com" /></label>
          <label class="check"><span><input type="checkbox" name="shared" /> for other admins, too</span></label>
          <button type="submit" class="button primary">Save</button>
        </form>
      )}
    </section>
  );
}
