/** Files to take away: asked for here, made by Dagster, fetched by a link; and the small ones at once. */

import { useEffect, useState } from "preact/hooks";
import { fetched, send, type Problem } from "../api";
import { save, type Row } from "../data";
import { date, full, instant } from "../format";
import { identity } from "../session";
import { usePage } from "../source";
import { Icon } from "../ui/Icon";
import { began, runs, type Started } from "./runs";

const ADMIN = "/api/v1/admin";
const FORMATS = ["csv", "xlsx", "json", "ndjson", "parquet"];
const KINDS: Kind[] = [
  {
    title: "Financial report", path: `${ADMIN}/reports/financial`, dated: true,
    fields: [
      { name: "report_type", title: "Report", options: ["revenue", "payouts", "transactions", "refunds", "balances", "form_1099"] },
      { name: "group_by", title: "By", options: ["month", "week", "day"] },
      { name: "format", title: "Format", options: ["xlsx", "csv", "json"] },
    ],
  },
  {
    title: "Data export", path: `${ADMIN}/exports`, dated: true,
    fields: [
      { name: "entity", title: "Of", options: ["users", "transactions", "assignments", "payouts"] },
      { name: "role", title: "Only the role (users)", options: ["", "creator", "uploader", "freelancer", "client", "vendor", "customer", "candidate", "employer"] },
      { name: "format", title: "Format", options: FORMATS },
    ],
  },
  {
    title: "Monthly statement", path: `${ADMIN}/reports/statements`, dated: false,
    fields: [{ name: "user", title: "User" }, { name: "month", title: "Month", type: "month" }],
  },
];
const DIRECT = ["users", "jobs", "matching", "revenue", "payouts"];

interface Kind {
  title: string;
  path: string;
  dated: boolean;
  fields: { name: string; title: string; options?: string[]; type?: "month" }[];
}

export default function Exports() {
  const { span } = usePage();
  const [problem, setProblem] = useState<Problem | null>(null);
  const own = runs.value.filter((run) => run.subject === identity.value?.subject);

  const start = async (kind: Kind, form: HTMLFormElement): Promise<void> => {
    const given = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value).trim()]).filter(([, value]) => value !== ""));
    const { role, ...body } = given as Record<string, string>;
    const asked: Row = { ...body, ...(kind.dated && { start_date: span.start, end_date: span.end }), ...(role && body.entity === "users" && { filters: { role } }) };
    try {
      setProblem(null);
      const { body: answer } = await fetched({ path: kind.path, body: asked });
      began(answer, `${kind.title}: ${body.report_type ?? body.entity ?? body.user ?? ""}`);
    } catch (error) {
      setProblem(error as Problem);
    }
  };

  return (
    <div class="cards">
      {KINDS.map((kind) => (
        <form class="card" key={kind.title} aria-label={kind.title} onSubmit={(event) => { event.preventDefault(); void start(kind, event.currentTarget); }}>
          <h3>{kind.title}</h3>
          {kind.fields.map((field) => (
            <label key={field.name}>
              {field.title}
              {field.options ? <select name={field.name}>{field.options.map((one) => <option key={one} value={one}>{one.replaceAll("_", " ") || "all"}</option>)}</select> : field.type ? <input name={field.name} type={field.type} /> : <input name={field.name} required />}
            </label>
          ))}
          <p class="muted">{kind.dated ? `${date(span.start)} to ${date(span.end)}` : "The last whole month without one"}</p>
          <button type="submit" class="button primary">Make the file</button>
        </form>
      ))}
      <section class="card" aria-label="Files of this tab">
        <h3>Files asked for in this tab</h3>
        {problem && <p class="fault" role="alert"><strong>{problem.title}.</strong> {problem.detail}{problem.status === 503 && " Files are made by Dagster: start it (make up), then ask again."}</p>}
        <ul class="list">
          {own.map((run) => <Run key={run.id} run={run} />)}
          {!own.length && <li class="muted">None yet.</li>}
        </ul>
      </section>
      <section class="card" aria-label="At once">
        <h3>At once, as CSV</h3>
        <p class="muted">Daily figures of the days above, without Dagster.</p>
        <div class="row">
          {DIRECT.map((name) => (
            <button
              type="button" class="button" key={name}
              onClick={() => {
                const parameters = { startDate: span.start, endDate: span.end, format: "csv" };
                send({ path: `/api/v1/export/${name}`, parameters }, "text/csv").then(
                  async (response) => save(`${name}-${span.start}-${span.end}.csv`, await response.blob()),
                  (error: Problem) => setProblem(error),
                );
              }}
            ><Icon name="download" /> {name}</button>
          ))}
        </div>
      </section>
    </div>
  );
}

const FIRST_WAIT = 1500;
const LONGEST_WAIT = 15_000;

function Run({ run }: { run: Started }) {
  const [state, setState] = useState<Row>({});
  const [link, setLink] = useState<string | null>(null);
  useEffect(() => {
    let gone = false;
    let wait = FIRST_WAIT;
    const look = async (): Promise<void> => {
      try {
        const { body } = await fetched({ path: `${ADMIN}/reports/runs/${run.id}` });
        const { report_run, download_url } = body as { report_run: Row; download_url: string | null };
        if (gone) return;
        setState(report_run);
        setLink(download_url);
        if (report_run.status === "completed" || report_run.status === "failed") return;
      } catch (error) {
        if (!gone) setState({ status: "unknown", error_message: (error as Problem).message });
        return;
      }
      wait = Math.min(wait * 1.5, LONGEST_WAIT);
      setTimeout(() => void (gone || look()), wait);
    };
    void look();
    return () => {
      gone = true;
    };
  }, [run.id]);
  const status = String(state.status ?? "…");
  return (
    <li>
      <span class="grow">{run.title}<br /><span class="muted">{state.created_at ? instant(String(state.created_at)) : ""}{state.row_count !== null && state.row_count !== undefined ? ` · ${full(state.row_count, "count")} rows · ${full(state.file_size_bytes, "bytes")}` : ""}</span></span>
      <span class={`state-${status}`}>{status}</span>
      {(status === "pending" || status === "processing") && (
        <button type="button" class="button" aria-label={`Cancel ${run.title}`} onClick={() => fetched({ path: `${ADMIN}/reports/runs/${run.id}/cancel`, method: "POST" }).catch((error: Problem) => setState({ ...state, error_message: error.message }))}>Cancel</button>
      )}
      {link && <a class="button" href={new URL(link).pathname + new URL(link).search} download><Icon name="download" /> Fetch</a>}
      {state.error_message ? <p class="muted">{String(state.error_message)}</p> : null}
    </li>
  );
}
