/** The box beside the pointer, made of elements: the page's policy lets no style into text. */

export interface Line {
  color?: string;
  name: string;
  value: string;
  note?: string | undefined;
}

export function tooltip(title: string, lines: Line[], notes: string[] = []): HTMLElement {
  const box = document.createElement("div");
  box.className = "tip";
  box.append(element("div", "tip-title", title));
  for (const line of lines) {
    const row = element("div", "tip-line");
    const dot = element("span", "tip-dot");
    if (line.color) dot.style.background = line.color;
    row.append(dot, element("span", "tip-name", line.name), element("span", "tip-value", line.value));
    box.append(row);
    if (line.note) box.append(element("div", "tip-note", line.note));
  }
  for (const note of notes) box.append(element("div", "tip-note", note));
  return box;
}

function element(name: string, className: string, text = ""): HTMLElement {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}
