import { letters, look, said, token } from "./plots-look.js";

/* The dots with their intervals, drawn over the column of the table in which the SVGs stand: rows and links stay the table's. */
export class Dots {
  constructor(lib, section) {
    this.table = section.querySelector("[data-axis]");
    this.axis = JSON.parse(this.table.dataset.axis);
    this.words = section.dataset;
    this.rows = Array.from(this.table.querySelectorAll("td[data-dot]")).map((cell) => ({ cell, ...JSON.parse(cell.dataset.dot) }));
    this.frame = this.table;
    this.box = document.createElement("div");
    this.box.className = "xw-dots-canvas noprint";
    this.box.setAttribute("aria-hidden", "true"); // the table below it says the same
    this.frame.append(this.box);
    this.lay();
    this.chart = lib.init(this.box, null, { renderer: "canvas" });
    this.chart.on("click", (event) => {
      const row = this.rows[event.value && event.value[2]];
      if (row && row.href) { window.location.assign(row.href); }
    });
    new ResizeObserver(() => { this.lay(); this.chart.resize(); this.draw(); }).observe(this.frame);
    this.draw();
    this.table.classList.add("live");
  }

  /* Puts the canvas on the column, and notes where the rows are. */
  lay() {
    const frame = this.frame.getBoundingClientRect();
    const head = this.table.querySelector("thead th.chart svg").getBoundingClientRect();
    const cells = this.rows.map((row) => row.cell.querySelector("svg").getBoundingClientRect());
    const last = cells[cells.length - 1] || head;
    Object.assign(this.box.style, {
      left: `${head.left - frame.left}px`,
      top: `${head.top - frame.top}px`,
      width: `${head.width}px`,
      height: `${last.bottom - head.top}px`,
    });
    this.head = head.height;
    this.tall = last.bottom - head.top;
    this.middles = cells.map((cell) => (cell.top + cell.bottom) / 2 - head.top - head.height);
  }

  colour(kind, colours) {
    return { red: colours.seal, black: colours.ink, few: colours.edge }[kind] || colours.blue;
  }

  /* Few cases: an open dot, as in the SVG. */
  dot(row, colours) {
    const few = row.kind === "few";
    return {
      color: few ? token("ground") : this.colour(row.kind, colours),
      borderColor: colours.edge,
      borderWidth: few ? 1.75 : 0,
    };
  }

  draw() {
    const colours = look();
    const wide = this.box.clientWidth;
    const filled = this.rows.map((row, at) => ({ value: [row.value, this.middles[at], at], itemStyle: this.dot(row, colours) }))
      .filter((one) => one.value[0] !== null);
    const before = this.rows.map((row, at) => [row.before, this.middles[at], at]).filter((one) => one[0] !== null);
    const spans = this.rows.map((row, at) => [row.low, this.middles[at], at, row.high]).filter((one) => one[0] !== null);
    this.chart.setOption({
      animation: false,
      tooltip: {
        ...said(colours),
        trigger: "item",
        formatter: (at) => {
          const row = this.rows[at.value[2]];
          return [row.name, row.said, row.interval, row.earlier].filter(Boolean).join("\n");
        },
      },
      grid: { left: wide * 0.04, right: wide * 0.04, top: this.head, bottom: 0 },
      xAxis: {
        type: "value",
        position: "top",
        min: this.axis.low,
        max: this.axis.high,
        interval: this.axis.step,
        axisLine: { show: false },
        axisTick: { show: false },
        axisLabel: { ...letters(), color: colours.quiet, margin: 4, hideOverlap: true },
        splitLine: { lineStyle: { color: colours.line } },
      },
      yAxis: { type: "value", inverse: true, min: 0, max: this.tall - this.head, show: false },
      series: [
        {
          type: "custom",
          clip: true,
          data: spans,
          encode: { x: [0, 3], y: 1 },
          renderItem: (params, api) => {
            const row = this.rows[api.value(2)];
            const [x1, y] = api.coord([api.value(0), api.value(1)]);
            const [x2] = api.coord([api.value(3), api.value(1)]);
            const stroke = row.kind === "plain" ? colours.pale : this.colour(row.kind, colours);
            const line = { stroke, lineWidth: 2.5, lineCap: "round", lineDash: row.kind === "few" ? [1, 5] : null };
            return {
              type: "group",
              children: [
                { type: "line", shape: { x1, y1: y, x2, y2: y }, style: { stroke: "transparent", lineWidth: 16 } },
                { type: "line", shape: { x1, y1: y, x2, y2: y }, style: line },
              ],
            };
          },
        },
        {
          type: "scatter",
          data: before,
          symbolSize: 8,
          itemStyle: { color: "transparent", borderColor: colours.edge, borderWidth: 1.75 },
        },
        {
          type: "scatter",
          data: filled,
          symbolSize: 11,
          cursor: "pointer",
          emphasis: { scale: 1.5 },
        },
      ],
    }, true);
  }
}
