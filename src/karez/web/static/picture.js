// Fits the overlay to its picture: boxes are in pixels of the stored picture, whatever size it is shown in.
function fit(root) {
  for (const image of root.querySelectorAll(".picture img")) {
    const overlay = image.parentElement.querySelector(".overlay");
    const set = () => {
      overlay.setAttribute("viewBox", `0 0 ${image.naturalWidth} ${image.naturalHeight}`);
      overlay.setAttribute("font-size", Math.round(image.naturalWidth / 32));
      overlay.classList.add("is-fitted");
    };
    if (image.complete && image.naturalWidth) set();
    else image.addEventListener("load", set, { once: true });
  }
}

fit(document);
new MutationObserver((changes) => changes.forEach((change) => fit(change.target)))
  .observe(document.getElementById("main"), { childList: true, subtree: true });
