// After a click that narrows the gallery, the page goes to where the films are.

export default function ({ data }) {
  if (data.to) document.querySelector(".st-key-compare_disagreements")?.scrollIntoView({ block: "start" });
}
