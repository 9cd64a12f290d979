/** How the track divides its width. */

/** Beyond this many lanes only those in view are drawn, and the track scrolls. */
export const mostAtOnce = 24;

export interface TrackLayout {
  /** Lanes under their names instead of beside them. */
  stacked: boolean;
  nameWidth: number;
  laneWidth: number;
  aheadWidth: number;
  laneHeight: number;
}

/**
 * @param width pixels of the whole track
 * @param lanes number of runners; many get thinner lanes
 */
export function layOutTrack(width: number, lanes: number): TrackLayout {
  if (width < 600) return { stacked: true, nameWidth: 0, laneWidth: width, aheadWidth: 0, laneHeight: 50 };
  const nameWidth = width < 800 ? 104 : 124;
  const aheadWidth = width < 800 ? 128 : 172;
  const laneHeight = lanes > mostAtOnce ? 24 : lanes > 12 ? 28 : 36;
  return { stacked: false, nameWidth, laneWidth: width - nameWidth - aheadWidth, aheadWidth, laneHeight };
}
