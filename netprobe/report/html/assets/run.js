// The page of runs: truth tables, evidence, filters. All data is in the page; nothing is asked of anybody.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const SOURCE = "\ue000", DESTINATION = "\ue001";
  const LARGEST = 40000, DENSE = 10, PAGE = 100;
  const at = Object.fromEntries(data.columns.map((name, place) => [name, place]));
  const ADDRESSED = { ip: "by pod IP", service: "by Service address", name: "by Service name" };
  const byId = (id) => document.getElementById(id);

  // Elements. Texts are only ever set as text.
  const make = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (value !== null && value !== undefined) element.setAttribute(name, value);
    }
    element.append(...children);
    return element;
  };
  const SYMBOLS = { PASS: "✓", FAIL: "✗", INCONCLUSIVE: "?", UNDEFINED: "~", SKIP: "–" };
  const TONES = { PASS: "good", FAIL: "bad", INCONCLUSIVE: "doubt", UNDEFINED: "undefined", SKIP: "faint" };
  const mark = (verdict, word) =>
    make("span", { class: `mark tone-${TONES[verdict]}` }, make("span", { class: "shape", "aria-hidden": "true" }, SYMBOLS[verdict]), ` ${word || verdict}`);

  // A flow: a view on its row.
  class Flow {
    constructor(row, run, step) {
      this.row = row;
      this.run = run;
      this.step = step;
    }
    get(name) { return this.row[at[name]]; }
    get source() { return data.ends[this.get("source")]; }
    get destination() { return data.ends[this.get("destination")]; }
    get verdict() { return data.verdicts[this.get("verdict")]; }
    get kind() { return this.text("kind"); }
    get cell() { return data.cells[this.get("cell")]; }
    get via() { return data.vias[this.get("via")]; }
    get decision() { return data.decisions[this.get("decision")]; }
    fill(number) {
      return data.texts[number].replaceAll(SOURCE, this.source[0]).replaceAll(DESTINATION, this.destination[0]);
    }
    text(name) { return this.fill(this.get(name)); }
    get port() {
      const protocol = this.get("protocol");
      const plain = protocol === "TCP" && this.destination[2] !== "dns";
      return `:${this.get("port")}${plain ? "" : `/${protocol.toLowerCase()}`}`;
    }
    get how() {
      if (this.via === "ip") return "";
      const service = this.text("service");
      return ` by ${this.via === "name" ? "name" : "Service"}${service ? ` ${service}:${this.get("servicePort")}` : ""}`;
    }
    get target() { return `${this.destination[0]}${this.port}${this.how}`; }
    get title() { return `${this.source[0]} → ${this.target}`; }
    get id() {
      const own = this.row[data.columns.length];
      if (own) return own;
      const service = this.text("service");
      let how = this.via;
      if (service) how += `:${service}`;
      if (service && this.get("servicePort") !== this.get("port")) how += `:${this.get("servicePort")}`;
      return `${this.step.prefix}${this.source[2]}->${this.destination[2]}:${this.get("port")}/${this.get("protocol").toLowerCase()}/${how}`;
    }
    get link() { return `#${encodeURIComponent(this.run.anchor + this.id)}`; }
    get haystack() {
      this.words ??= [this.title, this.verdict, this.kind, this.cell[2], this.text("explanation"), this.text("intent"), this.text("policy")].join(" ").toLowerCase();
      return this.words;
    }
  }
  const runs = data.runs.map((run) => ({
    ...run,
    steps: run.steps.map((step) => ({ ...step, run })),
  }));
  const flows = [];
  for (const run of runs) {
    for (const step of run.steps) {
      step.all = step.flows.map((row) => new Flow(row, run, step));
      for (const flow of step.all) flows.push(flow);
    }
  }
  const find = (fragment) => {
    let wanted;
    try { wanted = decodeURIComponent(fragment.replace(/^#/, "")); } catch { return undefined; }
    return flows.find((flow) => wanted.startsWith(flow.run.anchor + flow.step.prefix) && flow.run.anchor + flow.id === wanted)
      ?? flows.find((flow) => flow.run.anchor + flow.id === wanted);
  };

  // The hint beside the pointer.
  const tip = byId("tip");
  const showTip = (flow, box) => {
    tip.replaceChildren(make("strong", {}, `${flow.kind || flow.verdict}: ${flow.title}`), flow.text("explanation"));
    tip.hidden = false;
    const { width, height } = tip.getBoundingClientRect();
    const left = Math.max(8, Math.min(box.left + box.width / 2 - width / 2, innerWidth - width - 8));
    const above = box.top - height - 8;
    tip.style.left = `${left}px`;
    tip.style.top = `${above > 8 ? above : box.bottom + 8}px`;
  };
  const hideTip = () => { tip.hidden = true; };
  addEventListener("scroll", hideTip, { passive: true });

  // Truth tables: built when they come into sight.
  const columnOf = (flow) => [flow.get("destination"), flow.get("port"), flow.get("protocol"), flow.get("service"), flow.get("servicePort")].join();
  const shape = (list) => {
    const order = new Map();
    for (const flow of list) if (!order.has(flow.get("source"))) order.set(flow.get("source"), order.size);
    return order;
  };
  const tableOf = (list, order, caption, number) => {
    const rows = new Map(), columns = new Map();
    for (const flow of list) {
      const column = columnOf(flow);
      if (!columns.has(column)) columns.set(column, flow);
      if (!rows.has(flow.get("source"))) rows.set(flow.get("source"), new Map());
      rows.get(flow.get("source")).set(column, flow);
    }
    let heads = [...columns].map(([key, flow], place) => ({ key, flow, rank: flow.destination[1] ? order.get(flow.get("destination")) ?? order.size : order.size + 1, place }));
    heads.sort((a, b) => a.rank - b.rank || a.place - b.place);
    let lines = [...rows].sort((a, b) => order.get(a[0]) - order.get(b[0]));
    let said = caption;
    if (lines.length * heads.length > LARGEST) {
      const odd = list.filter((flow) => flow.verdict !== "PASS");
      const keptRows = new Set(odd.map((flow) => flow.get("source"))), keptColumns = new Set(odd.map(columnOf));
      said = `${caption}: of ${lines.length} × ${heads.length} only rows and columns with surprises`;
      lines = lines.filter(([source]) => keptRows.has(source)).slice(0, 200);
      heads = heads.filter((head) => keptColumns.has(head.key)).slice(0, 200);
    }
    const dense = heads.length > DENSE;
    const table = make("table", { class: `heat-map${dense ? " dense" : ""}`, role: "grid", "aria-describedby": `signs-${number}` });
    table.append(make("caption", {}, said));
    const spaces = make("tr", { role: "row" }, make("td", { colspan: 2, class: "cell-none" }));
    const names = make("tr", { role: "row" }, make("th", { colspan: 2, scope: "col", class: "corner" }, "from ↓ to →"));
    for (let start = 0; start < heads.length; ) {
      const space = heads[start].flow.destination[1];
      let end = start;
      while (end < heads.length && heads[end].flow.destination[1] === space) end += 1;
      spaces.append(space ? make("th", { class: "space", scope: "colgroup", colspan: end - start, title: space }, space) : make("td", { class: "cell-none", colspan: end - start }));
      start = end;
    }
    const headCells = heads.map(({ flow }) => {
      const [name, space] = flow.destination;
      const short = space ? name.slice(space.length + 1) : name;
      const shown = flow.get("servicePort") || flow.get("port");
      const service = flow.text("service");
      const port = flow.port.replace(/\d+/, String(shown));
      const cell = make("th", { scope: "col", title: flow.target }, short, make("span", { class: "port" }, `${service && service !== short ? ` (${service})` : ""} ${port}`));
      names.append(cell);
      return cell;
    });
    table.append(make("thead", { role: "rowgroup" }, spaces, names));
    const body = make("tbody", { role: "rowgroup" });
    table.append(body);
    let before = null;
    const grid = [];
    for (const [source, cells] of lines) {
      const [name, space] = data.ends[source];
      const line = make("tr", { role: "row" });
      if (space !== before) {
        before = space;
        const span = lines.filter(([other]) => data.ends[other][1] === space).length;
        line.append(make("th", { class: "space", scope: "rowgroup", rowspan: span }, space));
      }
      line.append(make("th", { scope: "row" }, space ? name.slice(space.length + 1) : name));
      const places = [];
      for (const head of heads) {
        const flow = cells.get(head.key);
        const cell = document.createElement("td");
        cell.setAttribute("role", "gridcell");
        if (flow) {
          const [word, short, , tone] = flow.cell;
          cell.className = `cell-${tone}`;
          cell.textContent = dense ? short : word === "·" ? short : word;
          cell.tabIndex = -1;
          cell.flow = flow;
        } else {
          cell.className = head.flow.get("destination") === source ? "cell-none cell-self" : "cell-none";
        }
        places.push(cell);
        line.append(cell);
      }
      grid.push(places);
      body.append(line);
    }
    const first = grid.flat().find((cell) => cell.flow);
    if (first) first.tabIndex = 0;
    listen(table, grid, headCells);
    return make("div", { class: "scroll" }, table);
  };
  const listen = (table, grid, headCells) => {
    let lit = [];
    const light = (cell) => {
      for (const each of lit) each.classList.remove("lit");
      lit = [];
      if (!cell) return;
      const place = [...cell.parentElement.querySelectorAll("td")].indexOf(cell);
      lit = [headCells[place], cell.parentElement.querySelector('th[scope="row"]')].filter(Boolean);
      for (const each of lit) each.classList.add("lit");
    };
    const cellOf = (event) => {
      const cell = event.target.closest("td");
      return cell && cell.flow ? cell : null;
    };
    const seen = (event) => {
      const cell = cellOf(event);
      light(cell);
      if (cell) showTip(cell.flow, cell.getBoundingClientRect());
      else hideTip();
    };
    table.addEventListener("pointerover", seen);
    table.addEventListener("pointerleave", () => { light(null); hideTip(); });
    table.addEventListener("focusin", (event) => {
      const cell = cellOf(event);
      if (!cell) return;
      const word = /\w/.test(cell.textContent) ? `${cell.textContent}, ` : ""; // what is seen is part of what is said
      cell.setAttribute("aria-label", `${word}${cell.flow.title}: ${cell.flow.cell[2]}`);
      seen(event);
    });
    table.addEventListener("focusout", () => { light(null); hideTip(); });
    table.addEventListener("click", (event) => {
      const cell = cellOf(event);
      if (cell) { cell.focus(); open(cell.flow); }
    });
    table.addEventListener("keydown", (event) => {
      const cell = cellOf(event);
      if (!cell) return;
      if (event.key === "Enter" || event.key === " ") { event.preventDefault(); open(cell.flow); return; }
      if (event.key === "Escape") { hideTip(); return; }
      const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], Home: [0, -Infinity], End: [0, Infinity] };
      const step = steps[event.key];
      if (!step) return;
      event.preventDefault();
      let y = grid.findIndex((places) => places.includes(cell));
      let x = grid[y].indexOf(cell);
      const toEnd = !Number.isFinite(step[1]);
      if (toEnd) x = step[1] < 0 ? -1 : grid[y].length;
      const [down, across] = toEnd ? [0, step[1] < 0 ? 1 : -1] : step;
      do { y += down; x += across; } while (grid[y] && grid[y][x] && !grid[y][x].flow);
      const next = grid[y] && grid[y][x];
      if (!next) return;
      cell.tabIndex = -1;
      next.tabIndex = 0;
      next.focus();
    });
  };
  const heats = [...document.querySelectorAll(".heat")];
  const build = (place) => {
    if (place.firstChild) return;
    const step = runs[place.dataset.run].steps[place.dataset.step];
    const number = heats.indexOf(place);
    const order = shape(step.all);
    const tables = data.vias.map((via) => [via, step.all.filter((flow) => flow.via === via)]).filter(([, list]) => list.length);
    const box = make("div", { class: "heats" });
    for (const [via, list] of tables) box.append(tableOf(list, order, ADDRESSED[via], number));
    const present = new Set(step.all.map((flow) => flow.get("cell")));
    const dense = box.querySelector(".dense") !== null, wide = box.querySelector(".heat-map:not(.dense)") !== null;
    const signs = make("ul", { class: "signs", id: `signs-${number}` });
    data.cells.forEach(([word, short, words, tone], cell) => {
      if (!present.has(cell)) return;
      const shown = [...new Set([...(wide ? [word === "·" ? short : word] : []), ...(dense ? [short] : [])])];
      signs.append(make("li", {}, ...shown.map((sign) => make("span", { class: `sign cell-${tone}` }, sign)), ` ${words}`));
    });
    place.append(box, signs);
  };
  for (const place of heats) { // room for what will stand there, so that nothing jumps
    place.style.minHeight = `${Math.min(2000, 90 + 36 * Math.ceil(Math.sqrt(place.dataset.flows)))}px`;
  }
  const watcher = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      watcher.unobserve(entry.target);
      build(entry.target);
      entry.target.style.minHeight = "";
    }
  }, { rootMargin: "300px" });
  for (const place of heats) watcher.observe(place);
  addEventListener("beforeprint", () => { for (const place of heats) { build(place); place.style.minHeight = ""; } });

  // Evidence.
  const dialog = byId("evidence");
  const open = (flow) => {
    if (location.hash === flow.link) show(flow);
    else location.hash = flow.link;
  };
  const section = (title, ...content) => [make("h3", {}, title), ...content];
  const opinion = (title, answer, lines, wrong) =>
    make("div", { class: wrong ? "wrong" : "" }, make("h3", {}, title), make("p", { class: "answer" }, wrong ? `✗ ${answer}` : answer), ...lines.filter(Boolean).map((line) => make("p", {}, line)));
  const direction = (flow, number) => {
    const found = data.directions[number];
    if (!found.length) return null;
    const [side, answer, reason, isolating, allowing, denying, miss] = found;
    const items = [];
    const item = (words, [name, text, place]) => {
      const where = flow.fill(place);
      items.push(make("li", {}, `${words} `, make("strong", {}, flow.fill(name)), flow.fill(text) ? `: ${flow.fill(text)}` : "", where ? " " : "", where ? make("code", {}, where) : ""));
    };
    for (const each of denying) item("refused by", each);
    for (const each of allowing) item("allowed by", each);
    for (const each of isolating) item("isolated by", each);
    if (miss.length) item("nearest miss:", miss);
    return make("div", {}, make("p", {}, make("strong", {}, `${side}: ${answer}`), ` — ${flow.fill(reason)}`), items.length ? make("ul", { class: "refs" }, ...items) : "");
  };
  const decided = (flow, decision) => {
    const [, , egress, ingress, dns, backends] = decision;
    const parts = [direction(flow, egress), direction(flow, ingress)].filter(Boolean);
    if (backends.length) parts.push(make("p", {}, `Endpoints: ${backends.map(([address, answer]) => `${address} ${answer}`).join(", ")}`));
    if (dns) parts.push(make("p", {}, make("strong", {}, "Name resolution")), ...decided(flow, data.decisions[dns]));
    return parts;
  };
  const attemptsOf = (flow) => {
    const list = flow.get("attempts"), left = flow.get("left");
    if (!list.length) return make("p", {}, "No attempt was made.");
    const heads = ["round", "phase", "began", "outcome", "took", "of", "answered by", "control that failed", "said"];
    const body = make("tbody");
    const zero = Math.min(...list.map((each) => each[3] || 0));
    list.forEach((each, number) => {
      const [outcome = 0, phase = 0, round = 0, started = 0, took = 0, timeout = 0, peer = 0, address = 0, detail = 0, control = 0] = each;
      if (left && number === Math.floor(list.length / 2)) {
        body.append(make("tr", {}, make("td", { colspan: heads.length }, `${left} attempts are left out here to keep this page small; the JSON report has them.`)));
      }
      const cells = [round, data.texts[phase], `+${((started - zero) / 1000).toFixed(2)} s`, data.texts[outcome], `${(took / 10000).toFixed(4)} s`, `${timeout / 1000} s`, [data.texts[peer], data.texts[address]].filter(Boolean).join(" at "), data.texts[control], data.texts[detail]];
      body.append(make("tr", {}, ...cells.map((cell) => make("td", {}, String(cell)))));
    });
    const lines = [...body.rows].filter((line) => line.cells.length === heads.length);
    const used = heads.map((_, column) => column < 6 || lines.some((line) => line.cells[column].textContent));
    for (const line of lines) for (let column = heads.length - 1; column >= 0; column -= 1) if (!used[column]) line.deleteCell(column);
    const table = make("table", { class: "data attempts" }, make("caption", { class: "unseen" }, "Attempts"), make("thead", {}, make("tr", {}, ...heads.filter((_, column) => used[column]).map((head) => make("th", { scope: "col" }, head)))), body);
    return make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Attempts" }, table);
  };
  const SEEN = { open: "open", closed: "closed", "name-failed": "the name failed", nothing: "no evidence" };
  const show = (flow) => {
    hideTip();
    const decision = flow.decision;
    const [expectation, line, place] = flow.get("intent") ? flow.text("intent").split("\n") : ["", "", ""];
    const party = flow.text("party");
    const close = make("button", { type: "button", class: "quiet" }, "Close ✕");
    close.addEventListener("click", () => dialog.close());
    const copy = make("button", { type: "button", class: "quiet" }, "Copy the link");
    copy.addEventListener("click", () => {
      navigator.clipboard?.writeText(location.href).then(() => { copy.textContent = "Copied"; }, () => { copy.textContent = "The browser refused"; });
    });
    const answer = decision.length ? decision[0] : "not asked";
    const word = flow.kind || flow.verdict;
    dialog.replaceChildren(
      make("header", {}, make("div", {}, mark(flow.verdict, word), make("h2", { id: "evidence-title" }, flow.title), make("span", { class: "soft" }, `${flow.run.scenario}, step “${flow.step.name}”`)), close),
      make("div", { class: "body" },
        make("p", {}, flow.text("explanation")),
        make("div", { class: "opinions" },
          opinion("Intent", expectation || "none given", [line, place && make("code", {}, place)], false),
          opinion("Policies", answer, [flow.text("policy")], party === "policy"),
          opinion("Network", SEEN[flow.text("seen")] || "no evidence", [flow.text("network"), flow.text("baseline") && `before any policy: ${flow.text("baseline")}`, flow.text("remark")], party === "network")),
        ...(decision.length ? section("What the policies say", ...decided(flow, decision)) : []),
        ...section("Attempts", attemptsOf(flow)),
        make("p", { class: "permalink soft" }, copy, " ", make("code", {}, flow.id))),
    );
    if (!dialog.open) dialog.showModal();
    dialog.scrollTop = 0;
    close.focus();
  };
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  dialog.addEventListener("close", () => { if (find(location.hash)) history.replaceState(null, "", location.pathname + location.search); });
  const follow = () => {
    const flow = location.hash.length > 1 ? find(location.hash) : undefined;
    if (flow) show(flow);
    else if (dialog.open) dialog.close();
    const target = location.hash.length > 1 && byId(decodeURIComponent(location.hash.slice(1)));
    const folded = target && target.closest("details");
    if (folded) folded.open = true;
  };
  addEventListener("hashchange", follow);

  // All flows, by filters, a page at a time.
  const fields = { search: byId("search"), verdict: byId("filter-verdict"), namespace: byId("filter-namespace"), protocol: byId("filter-protocol"), via: byId("filter-via"), step: byId("filter-step") };
  const options = (select, words) => {
    select.append(...words.map(([value, word]) => make("option", { value }, word)));
    select.parentElement.hidden = words.length < 3;
  };
  const distinct = (values) => [...new Set(values)].filter(Boolean).sort();
  const same = (words) => words.map((word) => [word, word]);
  const kinds = distinct(flows.map((flow) => flow.kind));
  options(fields.verdict, [["", "all"], ["odd", "not PASS"], ...same([...data.verdicts].reverse().filter((verdict) => flows.some((flow) => flow.verdict === verdict))), ...same(kinds)]);
  options(fields.namespace, [["", "all"], ...same(distinct(flows.flatMap((flow) => [flow.source[1], flow.destination[1]])))]);
  options(fields.protocol, [["", "all"], ...same(distinct(flows.map((flow) => flow.get("protocol"))))]);
  options(fields.via, [["", "all"], ...data.vias.filter((via) => flows.some((flow) => flow.via === via)).map((via) => [via, ADDRESSED[via]])]);
  const steps = runs.flatMap((run, r) => run.steps.map((step, s) => [`${r}/${s}`, runs.length > 1 ? `${run.scenario}: ${step.name}` : step.name]));
  options(fields.step, [["", "all"], ...steps]);
  let shown = [], page = 0, pair = null;
  const fits = (flow, words) => {
    const { verdict, namespace, protocol, via, step } = fields;
    if (verdict.value === "odd" ? flow.verdict === "PASS" : verdict.value && verdict.value !== flow.verdict && verdict.value !== flow.kind) return false;
    if (namespace.value && flow.source[1] !== namespace.value && flow.destination[1] !== namespace.value) return false;
    if (protocol.value && flow.get("protocol") !== protocol.value) return false;
    if (via.value && flow.via !== via.value) return false;
    if (step.value && flow.step !== runs[step.value.split("/")[0]].steps[step.value.split("/")[1]]) return false;
    if (pair && !pair(flow)) return false;
    return words.every((word) => flow.haystack.includes(word));
  };
  const severity = (flow) => -flow.get("verdict");
  const filter = () => {
    const words = fields.search.value.toLowerCase().split(/\s+/).filter(Boolean);
    shown = flows.filter((flow) => fits(flow, words)).sort((a, b) => severity(a) - severity(b));
    page = 0;
    list();
  };
  const list = () => {
    const last = Math.max(0, Math.ceil(shown.length / PAGE) - 1);
    byId("rows").replaceChildren(...shown.slice(page * PAGE, page * PAGE + PAGE).map((flow) => {
      const link = make("a", { href: flow.link }, flow.kind || flow.verdict);
      const verdict = make("span", { class: `mark tone-${TONES[flow.verdict]}` }, make("span", { class: "shape", "aria-hidden": "true" }, SYMBOLS[flow.verdict]), " ", link);
      const intent = flow.get("intent") ? flow.text("intent").split("\n")[0] : "–";
      const line = make("tr", {}, make("td", {}, verdict), make("td", {}, flow.source[0]), make("td", {}, flow.target), make("td", {}, flow.step.name), make("td", {}, intent), make("td", {}, flow.decision.length ? flow.decision[0] : "–"), make("td", {}, SEEN[flow.text("seen")] || ""));
      line.addEventListener("click", () => open(flow));
      return line;
    }));
    byId("count").textContent = `${shown.length.toLocaleString("en")} of ${flows.length.toLocaleString("en")} flows${pair ? `, ${pair.words}` : ""}`;
    byId("page").textContent = `Page ${page + 1} of ${last + 1}`;
    byId("before").disabled = page === 0;
    byId("after").disabled = page >= last;
  };
  const turn = (by) => { page += by; list(); byId("count").scrollIntoView({ block: "nearest" }); };
  byId("before").addEventListener("click", () => turn(-1));
  byId("after").addEventListener("click", () => turn(1));
  const form = byId("filters");
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => { pair = null; setTimeout(filter); });

  // Graphs: a node lights its edges, a click shows the flows.
  for (const graph of document.querySelectorAll(".graph")) {
    const step = graph.closest(".step").querySelector(".heat");
    const edges = graph.querySelector(".edges");
    const name = (end) => end[2].replace(/\[\d+\]$/, "");
    const fitting = (word, wanted) => word === wanted || (word.includes("/") && word.split("/")[0] + "/" === wanted);
    const only = (words, test) => {
      fields.step.value = `${step.dataset.run}/${step.dataset.step}`;
      pair = Object.assign(test, { words });
      filter();
      byId("flows").scrollIntoView();
    };
    graph.addEventListener("pointerover", (event) => {
      const node = event.target.closest(".node");
      edges?.classList.toggle("dimmed", Boolean(node));
      if (!node) return;
      for (const edge of edges.children) edge.classList.toggle("lit", edge.dataset.from === node.dataset.node || edge.dataset.to === node.dataset.node);
    });
    graph.addEventListener("click", (event) => {
      const edge = event.target.closest(".edge"), node = event.target.closest(".node");
      if (edge) only(`${edge.dataset.from} → ${edge.dataset.to}`, (flow) => fitting(name(flow.source), edge.dataset.from) && fitting(name(flow.destination), edge.dataset.to));
      if (node) only(`from or to ${node.dataset.node}`, (flow) => fitting(name(flow.source), node.dataset.node) || fitting(name(flow.destination), node.dataset.node));
    });
  }

  document.documentElement.classList.add("scripted");
  for (const each of document.querySelectorAll(".needs-script")) each.hidden = false;
  filter();
  follow();
})();
