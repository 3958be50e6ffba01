/** What a page can be set to: days, steps of time, zone, currency, and whose page it is. */

import { useState } from "preact/hooks";
import { rowsAt } from "../data";
import { date } from "../format";
import { choices, standard, type Span } from "../periods";
import { useAnswer } from "../source";
import { question } from "../data";
import type { Page } from "../spec";
import { choose, chosen } from "../state";

const ZONES = ["UTC", "America/New_York", "America/Los_Angeles", "America/Sao_Paulo", "Europe/London", "Europe/Berlin", "Asia/Kolkata", "Asia/Shanghai", "Asia/Tokyo", "Australia/Sydney"];
const CURRENCIES = ["USD", "EUR", "GBP", "JPY", "INR", "BRL", "CAD", "AUD", "CHF", "SEK"];

interface Props {
  page: Page;
  span: Span;
  subject: string;
}

export function Controls({ page, span, subject }: Props) {
  const takes = (name: string): string[] => [...new Set(Object.values(page.sources).flatMap((source) => source.takes[name] ?? []))];
  const grains = takes("granularity");
  const has = (name: string): boolean => Object.values(page.sources).some((source) => name in source.takes);
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const zones = [...new Set([...ZONES, own, chosen.value.tz ?? "UTC"])];
  return (
    <div class="controls" role="group" aria-label="What is shown">
      {page.subject && <Subject page={page} span={span} subject={subject} />}
      {page.time !== "none" && <Days page={page} span={span} />}
      {grains.length > 0 && (
        <Choose name="granularity" title="Step" value={chosen.value.granularity ?? ""} options={[{ value: "", title: `By ${span.granularity} (auto)` }, ...["hour", "day", "week", "month"].filter((one) => grains.includes(one)).map((value) => ({ value, title: `By ${value}` }))]} />
      )}
      {has("tz") && <Choose name="tz" title="Time zone" value={chosen.value.tz ?? ""} options={zones.map((zone) => ({ value: zone === "UTC" ? "" : zone, title: zone.replaceAll("_", " ") }))} />}
      {has("currency") && <Choose name="currency" title="Currency" value={chosen.value.currency ?? ""} options={[...new Set([...CURRENCIES, chosen.value.currency ?? "USD"])].map((one) => ({ value: one === "USD" ? "" : one, title: one }))} />}
    </div>
  );
}

interface ChooseProps {
  name: string;
  title: string;
  value: string;
  options: { value: string; title: string }[];
}

function Choose({ name, title, value, options }: ChooseProps) {
  return (
    <label class="choose">
      <span class="sr">{title}</span>
      <select name={name} title={title} value={value} onChange={(event) => choose({ [name]: event.currentTarget.value })}>
        {options.map((option) => <option key={option.value} value={option.value}>{option.title}</option>)}
      </select>
    </label>
  );
}

function Days({ page, span }: { page: Page; span: Span }) {
  const key = page.time === "period" ? "period" : "range";
  const custom = chosen.value.start !== undefined && chosen.value.end !== undefined;
  const [open, setOpen] = useState(false);
  const value = custom ? "custom" : (chosen.value[key] ?? standard(page));
  const pick = (next: string): void => {
    if (next === "custom") {
      setOpen(true);
      return;
    }
    setOpen(false);
    choose({ [key]: next === standard(page) ? "" : next, start: "", end: "" });
  };
  return (
    <>
      <label class="choose">
        <span class="sr">Days</span>
        <select name="days" title={`${date(span.start)} to ${date(span.end)}`} value={open ? "custom" : value} onChange={(event) => pick(event.currentTarget.value)}>
          {choices(page).map((choice) => <option key={choice.value} value={choice.value}>{choice.title}</option>)}
          {page.time === "dates" && <option value="custom">Custom…</option>}
        </select>
      </label>
      {(open || custom) && page.time === "dates" && (
        <form
          class="dates"
          onSubmit={(event) => {
            event.preventDefault();
            const given = new FormData(event.currentTarget);
            const [start, end] = [String(given.get("start")), String(given.get("end"))].sort() as [string, string];
            if (start && end) choose({ start, end, range: "" });
          }}
        >
          <input type="date" name="start" aria-label="First day" defaultValue={span.start} required />
          <span aria-hidden="true">–</span>
          <input type="date" name="end" aria-label="Last day" defaultValue={span.end} required />
          <button type="submit" class="button">Show</button>
        </form>
      )}
      <span class="days-shown">{date(span.start, { month: "short", day: "numeric", year: "numeric" })} – {date(span.end, { month: "short", day: "numeric", year: "numeric" })}</span>
    </>
  );
}

/** Those whose page can be looked at: known ones to choose from, any other by name. */
export function useSubjects(page: Page | undefined, span: Span): { names: string[]; looking: boolean } {
  const source = page?.subject ? page.sources[page.subject.source] : undefined;
  const { answer, waiting } = useAnswer(source && question(source, { span, chosen: chosen.value, subject: "" }));
  const [rows, field] = split(page?.subject?.field ?? "");
  const names = [...new Set(rowsAt(answer?.body, rows).map((row) => String(row[field] ?? "")).filter(Boolean))];
  return { names, looking: waiting };
}

function split(path: string): [string, string] {
  const place = path.lastIndexOf(".");
  return [path.slice(0, Math.max(0, place)), path.slice(place + 1)];
}

function Subject({ page, span, subject }: Props) {
  const { names } = useSubjects(page, span);
  return (
    <label class="choose subject">
      <span>{page.subject!.title}</span>
      <input
        type="text" name="subject" list="subjects" value={subject} spellcheck={false} autocomplete="off" placeholder="id"
        onChange={(event) => choose({ user: event.currentTarget.value.trim() })}
        onFocus={(event) => event.currentTarget.select()}
      />
      <datalist id="subjects">{names.map((name) => <option key={name} value={name} />)}</datalist>
    </label>
  );
}
