// What an expression is called, and how it is drawn. Shape and word say the same as the colour, so that colour is never alone.

const Head = "M12 2.5a9.5 9.5 0 1 0 0 19a9.5 9.5 0 1 0 0-19z";
const Eyes = "M8.6 9.6v.6M15.4 9.6v.6";

const Shapes = {
  neutral: { name: "Neutral", phrase: "looks neutral", path: `${Head}${Eyes}M8 15.5h8` },
  happiness: { name: "Happiness", phrase: "looks like happiness", path: `${Head}M7.2 10.2c.5-1.1 2.1-1.1 2.6 0M14.2 10.2c.5-1.1 2.1-1.1 2.6 0M7 13.8h10c-.6 4.8-9.4 4.8-10 0z` },
  surprise: { name: "Surprise", phrase: "looks like surprise", path: `${Head}M6.9 6.9c.6-.8 1.9-.8 2.5 0M14.6 6.9c.6-.8 1.9-.8 2.5 0M8.6 9.9v.6M15.4 9.9v.6M12 13.4a2.1 2.4 0 1 0 0 4.8a2.1 2.4 0 1 0 0-4.8z` },
  sadness: { name: "Sadness", phrase: "looks like sadness", path: `${Head}M6.6 8.7l2.9-1.4M17.4 8.7l-2.9-1.4M8.6 10.6v.5M15.4 10.6v.5M8 17.2c1.2-2.9 6.8-2.9 8 0` },
  anger: { name: "Anger", phrase: "looks like anger", path: `${Head}M6.6 7.2l3.3 1.9M17.4 7.2l-3.3 1.9M8.8 10.8v.5M15.2 10.8v.5M8 14.6h8v3h-8zM10.7 14.6v3M13.3 14.6v3` },
  disgust: { name: "Disgust", phrase: "looks like disgust", path: `${Head}M6.8 8.4l2.8 1.4l-2.8 1.4M17.2 8.4l-2.8 1.4l2.8 1.4M7.8 14.6h8.4M11.4 14.6v2.2a1.8 1.8 0 0 0 3.6 0v-2.2` },
  fear: { name: "Fear", phrase: "looks like fear", path: `${Head}M6.6 7.2l2.6-1.1M17.4 7.2l-2.6-1.1M8.6 8.8a1.5 1.5 0 1 0 .01 0zM15.4 8.8a1.5 1.5 0 1 0 .01 0zM7.6 16.8l1.5-1.7l1.45 1.7l1.45-1.7l1.45 1.7l1.45-1.7l1.5 1.7` },
  contempt: { name: "Contempt", phrase: "looks like contempt", path: `${Head}M7.2 9.6h2.8M14 9.6h2.8M8.3 16.2h3.6c2.2 0 3.5-.9 4.1-2.6` },
};

/** What is shown while no expression is clear. */
export const Unclear = {
  id: "unclear", name: "Not clear", phrase: "shows no clear expression", color: "#8a8a8a", textColor: "#000000",
  path: `${Head}M9.3 9.4a2.7 2.7 0 1 1 4 2.4c-.9.5-1.3 1-1.3 2.1M12 17v.4`,
};

/** What is shown for a face that cannot be read. */
export const Unreadable = {
  id: "unreadable", name: "Hard to read", phrase: "is hard to read", color: "#8a8a8a", textColor: "#000000",
  path: `${Head}M7 12c2.2-3.4 7.8-3.4 10 0c-2.2 3.4-7.8 3.4-10 0zM6.8 17.2L17.2 6.8`,
};

/** The expressions that the server's model knows, with its colours: a map by id, in the model's order. */
export function expressionsOf(about) {
  return new Map(about.expressions.map((one) => [one.id, { ...one, ...Shapes[one.id] }]));
}

/** How a face of a result is to be shown: an expression, or why there is none. */
export function showing(face, expressions) {
  if (face.outcome === "lowQuality" && !face.fresh) {
    return Unreadable;
  }

  return expressions.get(face.expression) ?? Unclear;
}

/** Why a face cannot be read, in words; empty where it can. */
export function hindrance(face) {
  const reasons = [face.tooSmall && "too far away", face.tooDark && "too dark", face.tooBlurred && "too blurred"].filter(Boolean);
  return reasons.length > 0 ? `The face is ${reasons.join(" and ")}.` : "";
}

/** A score as people read it. */
export const percent = (score) => `${Math.round(100 * score)} %`;
