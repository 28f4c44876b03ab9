/* How the plots at the desk look: the tokens of the page, its letters, one kind of tooltip. */

export const token = (name) => getComputedStyle(document.body).getPropertyValue(`--${name}`).trim();
export const letters = () => ({ fontFamily: token("sans"), fontSize: parseFloat(getComputedStyle(document.body).fontSize) * 0.82 });

export function look() {
  return {
    ink: token("ink"),
    quiet: token("ink-2"),
    line: token("line"),
    edge: token("line-2"),
    wall: token("wall"),
    blue: token("canal"),
    pale: token("canal-fill"),
    seal: token("seal"),
  };
}

export function said(colours) {
  return {
    renderMode: "richText",
    confine: true,
    backgroundColor: colours.wall,
    borderColor: colours.edge,
    borderWidth: 1,
    padding: [6, 10],
    textStyle: { ...letters(), color: colours.ink },
    transitionDuration: 0,
  };
}
