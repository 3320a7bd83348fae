//! The ratios as a chart: a bar each, with its target marked.

use crate::Goal;

const WIDTH: f64 = 760.0;
const MARGIN: f64 = 20.0;
const HEADING: f64 = 44.0;
const ROW: f64 = 50.0;

/// Colours for light pages; for dark ones where the viewer says that it is one.
const STYLE: &str = "
  text { font: 14px system-ui, sans-serif; fill: #1f2328 }
  .heading { font-weight: 600 }
  .value { text-anchor: end }
  .track { fill: #818b9829 }
  .met { fill: #2f81c7 }
  .missed { fill: #c26a1a }
  .target { stroke: #1f2328; stroke-width: 2 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 }
    .target { stroke: #e6edf3 }
  }
";

pub fn draw(goals: &[Goal]) -> String {
    let (more, less): (Vec<&Goal>, Vec<&Goal>) = goals.iter().partition(|goal| goal.more);
    let mut body = String::new();
    let mut y = 0.0;
    for (heading, goals) in [("More is better", more), ("Less is better", less)] {
        y += HEADING;
        body += &format!(
            "<text class=\"heading\" x=\"{MARGIN}\" y=\"{}\">{heading}</text>\n",
            y - 12.0
        );
        for goal in goals {
            body += &row(goal, y);
            y += ROW;
        }
    }
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {}\" width=\"{WIDTH}\" \
         role=\"img\">\n<title>Downloads, measured against others</title>\n<style>{STYLE}</style>\n\
         {body}</svg>\n",
        y + MARGIN / 2.0
    )
}

/// Every row has a scale of its own, from nothing to a quarter more than value and target.
fn row(goal: &Goal, y: f64) -> String {
    let Goal { name, measured, target, .. } = goal;
    let width = WIDTH - 2.0 * MARGIN;
    let at = |value: f64| MARGIN + width * value / (measured.max(*target) * 1.25);
    let (class, verdict) = if goal.is_met() { ("met", "") } else { ("missed", ": missed") };
    let (right, bar, mark) = (WIDTH - MARGIN, at(*measured) - MARGIN, at(*target));
    let (base, top, wanted) = (y + 14.0, y + 22.0, goal.wanted());
    format!(
        "<text x=\"{MARGIN}\" y=\"{base}\">{name}</text>\n\
         <text class=\"value\" x=\"{right}\" y=\"{base}\">{measured:.2}x, target {wanted}{verdict}</text>\n\
         <rect class=\"track\" x=\"{MARGIN}\" y=\"{top}\" width=\"{width}\" height=\"14\"/>\n\
         <rect class=\"{class}\" x=\"{MARGIN}\" y=\"{top}\" width=\"{bar:.1}\" height=\"14\"/>\n\
         <line class=\"target\" x1=\"{mark:.1}\" x2=\"{mark:.1}\" y1=\"{}\" y2=\"{}\"/>\n",
        top - 3.0,
        top + 17.0
    )
}
