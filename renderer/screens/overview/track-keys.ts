/** Walking through the bars of the track with the arrow keys. */
import type { KeyboardEvent } from 'react';

const barSelector = 'a[data-bar]';
const laneSelector = '[data-lane]';

function barsOf(lane: Element | undefined): SVGAElement[] {
  return lane ? [...lane.querySelectorAll<SVGAElement>(barSelector)] : [];
}

const middleOf = (element: Element): number => {
  const { left, width } = element.getBoundingClientRect();
  return left + width / 2;
};

/** Left and right go through one lane, up and down to the nearest bar of another. */
export function walkBars(event: KeyboardEvent<HTMLElement>): void {
  if (!event.key.startsWith('Arrow') || !(event.target instanceof Element)) return;
  const lane = event.target.closest(laneSelector);
  if (lane === null) return;
  const next =
    event.key === 'ArrowLeft' || event.key === 'ArrowRight'
      ? alongLane(lane, event.target, event.key === 'ArrowLeft' ? -1 : 1)
      : acrossLanes(event.currentTarget, lane, event.target, event.key === 'ArrowUp' ? -1 : 1);
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}

function alongLane(lane: Element, from: Element, direction: 1 | -1): SVGAElement | undefined {
  const bars = barsOf(lane);
  const index = bars.findIndex((bar) => bar.isSameNode(from));
  if (index === -1) return bars.at(-1);
  return bars[index + direction];
}

function acrossLanes(
  track: Element,
  lane: Element,
  from: Element,
  direction: 1 | -1,
): SVGAElement | undefined {
  const lanes = [...track.querySelectorAll(laneSelector)];
  const x = middleOf(from);
  for (let index = lanes.indexOf(lane) + direction; index >= 0 && index < lanes.length; index += direction) {
    const nearest = barsOf(lanes[index]).sort(
      (a, b) => Math.abs(middleOf(a) - x) - Math.abs(middleOf(b) - x),
    )[0];
    if (nearest) return nearest;
  }
  return undefined;
}
