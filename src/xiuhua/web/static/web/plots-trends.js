/* The trends of all, as small multiples with one pointer through all of them, or in one drawing to compare. */
import { letters, look, said, token } from "./plots-look.js";

/* Width of a small multiple, its height, and the room for its name. */
const CELL = { width: 240, height: 132, head: 30, foot: 20, gap: 20 };

/* The numbers that the table of the trends prints: months, and by name a text and its number (null: none that month). */
function printed(table) {
  const months = Array.from(table.querySelectorAll("thead th")).slice(1).map((cell) => cell.textContent.trim());
  const lines = Array.from(table.querySelectorAll("tbody tr")).map((row) => {
    const texts = Array.from(row.querySelectorAll("td")).map((cell) => cell.textContent.trim());
    const values = texts.map((text) => (Number.isNaN(parseFloat(text)) ? null : parseFloat(text)));
    return { name: row.querySelector("th").textContent.trim(), texts, values };
  });
  return { months, lines };
}

function place(before, label) {
  const box = document.createElement("div");
  box.setAttribute("role", "img");
  box.setAttribute("aria-label", label);
  before.before(box);
  return box;
}

export class Trends {
  constructor(lib, section) {
    this.section = section;
    this.words = section.dataset;
    Object.assign(this, printed(section.querySelector("table")));
    const list = section.querySelector(".xw-multiples");
    this.box = place(list, `${section.querySelector("h2").textContent.trim()} – ${this.words.table}`);
    this.box.className = "xw-canvas noprint";
    const known = this.lines.flatMap((line) => line.values).filter((value) => value !== null);
    this.low = Math.max(0, Math.floor(Math.min(...known) / 10) * 10);
    this.high = Math.min(100, Math.ceil(Math.max(...known) / 10) * 10);
    this.together = false;
    this.out = new Set();
    this.month = this.months.length - 1;
    this.over = 0;
    this.box.style.height = `${this.height(list.clientWidth)}px`;
    this.chart = lib.init(this.box, null, { renderer: "canvas" });
    this.button();
    this.draw();
    section.classList.add("live");
    this.watch();
  }

  /* How many small multiples stand in a row. */
  columns(width) {
    return Math.max(1, Math.floor((width + CELL.gap) / (CELL.width + CELL.gap)));
  }

  height(width) {
    return this.together ? 440 : Math.ceil(this.lines.length / this.columns(width)) * CELL.height;
  }

  button() {
    const press = document.createElement("button");
    press.type = "button";
    press.className = "xh-btn small noprint xw-canvas-mode";
    press.textContent = this.words.together;
    press.setAttribute("aria-pressed", "false");
    press.addEventListener("click", () => {
      this.together = !this.together;
      press.textContent = this.together ? this.words.apart : this.words.together;
      press.setAttribute("aria-pressed", String(this.together));
      this.resize();
    });
    this.box.before(press);
  }

  watch() {
    const chart = this.chart;
    chart.on("updateAxisPointer", (event) => {
      const found = event.axesInfo && event.axesInfo[0];
      const month = found ? found.value : this.months.length - 1;
      if (month === this.month || this.together) { return; }
      this.month = month;
      chart.setOption({ title: this.titles() });
    });
    chart.on("legendselectchanged", (event) => {
      this.out = new Set(Object.keys(event.selected).filter((name) => !event.selected[name]));
      chart.setOption({ series: this.strokes() });
    });
    chart.on("legendselectall", () => { this.out = new Set(); chart.setOption({ series: this.strokes() }); });
    chart.on("legendinverseselect", (event) => {
      this.out = new Set(Object.keys(event.selected).filter((name) => !event.selected[name]));
      chart.setOption({ series: this.strokes() });
    });
    chart.getZr().on("mousemove", (event) => {
      const spot = this.lines.findIndex((_line, at) => chart.containPixel({ gridIndex: at }, [event.offsetX, event.offsetY]));
      if (!this.together && spot >= 0) { this.over = spot; }
    });
    let width = this.box.clientWidth;
    new ResizeObserver(() => {
      if (this.box.clientWidth && this.box.clientWidth !== width) {
        width = this.box.clientWidth;
        this.resize();
      }
    }).observe(this.box);
  }

  resize() {
    this.box.style.height = `${this.height(this.box.clientWidth)}px`;
    this.chart.resize();
    this.draw();
  }

  draw() {
    this.chart.setOption(this.together ? this.one() : this.many(), true);
  }

  cells() {
    const width = this.box.clientWidth;
    const columns = this.columns(width);
    const wide = (width - CELL.gap * (columns - 1)) / columns;
    return this.lines.map((_line, at) => ({
      left: (at % columns) * (wide + CELL.gap),
      top: Math.floor(at / columns) * CELL.height,
      width: wide,
    }));
  }

  /* Names with the value of the month that is pointed at, the last one otherwise: all are read at once. */
  titles() {
    const colours = look();
    const month = this.month === this.months.length - 1 ? "" : ` ${this.months[this.month]}`;
    const rich = { value: { ...letters(), color: colours.ink, fontWeight: 700 }, when: { ...letters(), color: colours.quiet } };
    return this.cells().flatMap(({ left, top, width }, at) => {
      const line = this.lines[at];
      const name = { ...letters(), color: colours.ink, width: width * 0.58, overflow: "truncate" };
      const value = `{value|${this.text(line, this.month)}}{when|${month}}`;
      return [
        { left, top, padding: 0, text: line.name, textStyle: { ...name, fontWeight: 400 } },
        { left: left + width, top, padding: 0, textAlign: "right", text: value, textStyle: { rich } },
      ];
    });
  }

  text(line, month) {
    return line.values[month] === null ? "—" : `${line.texts[month]}%`;
  }

  many() {
    const colours = look();
    const cells = this.cells();
    const quiet = { ...letters(), color: colours.quiet };
    return {
      animation: false,
      title: this.titles(),
      tooltip: {
        ...said(colours),
        trigger: "axis",
        axisPointer: { type: "line", lineStyle: { color: colours.edge, type: "solid" } },
        formatter: (found) => {
          const line = this.lines[this.over];
          const month = found[0].dataIndex;
          return `${line.name}\n${this.months[month]}  ${this.text(line, month)}`;
        },
      },
      axisPointer: { link: [{ xAxisIndex: "all" }] },
      grid: cells.map((cell) => ({
        left: cell.left + 6,
        top: cell.top + CELL.head,
        width: cell.width - 12,
        height: CELL.height - CELL.head - CELL.foot - 12,
      })),
      xAxis: cells.map((_cell, at) => ({
        type: "category",
        gridIndex: at,
        data: this.months,
        boundaryGap: false,
        axisLine: { lineStyle: { color: colours.line } },
        axisTick: { show: false },
        axisLabel: {
          ...quiet,
          margin: 6,
          alignMinLabel: "left",
          alignMaxLabel: "right",
          interval: (month) => month === 0 || month === this.months.length - 1,
        },
      })),
      yAxis: cells.map((_cell, at) => ({
        type: "value",
        gridIndex: at,
        min: this.low,
        max: this.high,
        show: false,
      })),
      series: this.lines.map((line, at) => ({
        type: "line",
        name: line.name,
        xAxisIndex: at,
        yAxisIndex: at,
        data: line.values,
        symbol: "circle",
        symbolSize: (_value, point) => (point.dataIndex === this.months.length - 1 ? 9 : 4),
        lineStyle: { color: colours.blue, width: 2.25 },
        itemStyle: { color: colours.blue },
      })),
    };
  }

  /* Lines of a comparison: pale while there are many, each with its colour when few enough are left to tell apart. */
  strokes() {
    const colours = look();
    const strong = [colours.blue, colours.seal, token("jade"), token("amber"), colours.ink];
    const left = this.lines.filter((line) => !this.out.has(line.name));
    return this.lines.map((line, at) => {
      const few = left.length <= strong.length && !this.out.has(line.name);
      const color = few ? strong[left.indexOf(line)] : colours.pale;
      return {
        type: "line",
        name: line.name,
        data: line.values,
        symbol: "circle",
        symbolSize: 6,
        triggerLineEvent: true,
        itemStyle: { color },
        lineStyle: { color, width: few ? 2.5 : 1.5, opacity: few ? 1 : 0.7 },
        emphasis: { focus: "series", itemStyle: { color: few ? color : colours.blue }, lineStyle: { color: few ? color : colours.blue, width: 4, opacity: 1 } },
        blur: { lineStyle: { opacity: 0.25 } },
        z: few ? 3 : 2 + at * 0.001,
      };
    });
  }

  /* All in one drawing, for who wants to compare: each can be left out, and the months be cut. */
  one() {
    const colours = look();
    const quiet = { ...letters(), color: colours.quiet };
    return {
      animation: false,
      tooltip: { ...said(colours), trigger: "item", formatter: (at) => `${at.seriesName}\n${at.name}  ${this.text(this.lines[at.seriesIndex], at.dataIndex)}` },
      legend: {
        type: "scroll",
        orient: "vertical",
        right: 0,
        top: 8,
        bottom: 60,
        textStyle: { ...quiet, color: colours.ink, width: 130, overflow: "truncate" },
        inactiveColor: colours.edge,
        selected: Object.fromEntries(this.lines.map((line) => [line.name, !this.out.has(line.name)])),
        selector: [{ type: "inverse", title: this.words.inverse }],
        selectorLabel: { ...letters(), color: colours.ink, borderColor: colours.edge, borderRadius: 0, padding: [4, 8] },
        pageTextStyle: quiet,
        pageIconColor: colours.ink,
        pageIconInactiveColor: colours.line,
      },
      grid: { left: 44, right: 196, top: 16, bottom: 76 },
      xAxis: {
        type: "category",
        data: this.months,
        boundaryGap: false,
        axisLabel: quiet,
        axisLine: { lineStyle: { color: colours.edge } },
      },
      yAxis: {
        type: "value",
        scale: true,
        min: this.low,
        max: this.high,
        axisLabel: { ...quiet, formatter: "{value}%" },
        splitLine: { lineStyle: { color: colours.line } },
      },
      dataZoom: [
        {
          type: "slider",
          bottom: 12,
          height: 24,
          borderColor: colours.line,
          fillerColor: `${colours.pale}33`,
          handleStyle: { color: colours.wall, borderColor: colours.ink },
          moveHandleStyle: { color: colours.edge },
          textStyle: quiet,
          dataBackground: { lineStyle: { opacity: 0 }, areaStyle: { opacity: 0 } },
          selectedDataBackground: { lineStyle: { opacity: 0 }, areaStyle: { opacity: 0 } },
          brushSelect: false,
        },
      ],
      series: this.strokes(),
    };
  }
}
