/** Keeps the end of a log in view until somebody scrolls up, and again once they are back at the end. */
import {
  type KeyboardEvent,
  type RefObject,
  useCallback,
  useLayoutEffect,
  useRef,
  useState,
  type WheelEvent,
} from 'react';
import type { VListHandle } from 'virtua';

/** This close to the end counts as being there. */
const nearEndPx = 24;

const upwards = new Set(['ArrowUp', 'PageUp', 'Home']);

export function useFollow(list: RefObject<VListHandle | null>, lineCount: number) {
  const [follow, setFollow] = useState(true);
  /** True while a finger or the scroll bar is held: only then a scroll is somebody's own. */
  const held = useRef(false);
  const toEnd = useCallback(() => {
    if (follow && lineCount > 0) list.current?.scrollToIndex(lineCount - 1, { align: 'end' });
  }, [follow, lineCount, list]);
  useLayoutEffect(toEnd, [toEnd]);
  const isAtEnd = (): boolean => {
    const handle = list.current;
    return !handle || handle.scrollOffset + handle.viewportSize >= handle.scrollSize - nearEndPx;
  };
  const handlers = {
    onWheel(event: WheelEvent) {
      if (event.deltaY < 0) setFollow(false);
      else if (isAtEnd()) setFollow(true);
    },
    onKeyDown(event: KeyboardEvent) {
      if (upwards.has(event.key)) setFollow(false);
      if (event.key === 'End') setFollow(true);
    },
    onPointerDown() {
      held.current = true;
    },
    onPointerUp() {
      held.current = false;
    },
    onTouchMove() {
      held.current = true;
    },
    onTouchEnd() {
      held.current = false;
    },
    /** Another size of the window, or other line breaks, leave the end elsewhere. */
    onResize() {
      if (!isAtEnd()) toEnd();
    },
    onScroll() {
      if (held.current) setFollow(isAtEnd());
    },
  };
  return { follow, setFollow, handlers };
}
