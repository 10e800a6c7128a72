(function () {
  "use strict";
  // currentColor follows the page: light, dark and print need no second drawing.
  var ink = "currentColor";
  var axis = { labelColor: ink, titleColor: ink, domainColor: ink, domainOpacity: 0.4, tickColor: ink, tickOpacity: 0.4, gridColor: ink, gridOpacity: 0.14 };
  var config = { background: null, axis: axis, legend: { labelColor: ink, titleColor: ink }, title: { color: ink }, header: { labelColor: ink, titleColor: ink } };
  // Marks that reorder text are taken out of labels, as everywhere on the page.
  var clean = function (_, value) {
    return typeof value === "string" ? value.replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "") : value;
  };
  var plots = JSON.parse(document.getElementById("finding").textContent, clean).plots;
  plots.forEach(function (plot, i) {
    var place = document.getElementById("plot-" + i);
    if (!place) {
      return; // the page draws it otherwise
    }
    // ast: expressions are interpreted, so that the page needs no right to evaluate code.
    vegaEmbed(place, plot.vegaLite, { mode: "vega-lite", actions: false, renderer: "svg", ast: true, config: config, defaultStyle: false }).catch(function (e) {
      place.textContent = "This chart could not be drawn: " + e.message;
    });
  });
})();
