// Says something to people who listen to the page rather than look at it.
export function say(text) {
  const place = document.getElementById("said");
  if (place && text) place.textContent = text;
}

// A text of the page's language, which the server put on the body.
export function text(name) {
  return document.body.dataset[name] ?? "";
}
