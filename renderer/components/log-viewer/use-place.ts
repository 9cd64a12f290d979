/** Where in a log one looks: at its end as it grows, until somebody goes elsewhere, or at a line. */
import {
  type KeyboardEvent,
  type RefObject,
  useCallback,
  useLayoutEffect,
  useRef,
  useState,
  type WheelEvent,
} from 'react';
import type { VListHandle, VListProps } from 'virtua';
import { endOf, type Stretch, stretchAt, stretchBeyond, stretchWith } from './stretch.ts';

/** This close to the end counts as being there. */
const nearEndPx = 24;
const upwards = new Set(['ArrowUp', 'PageUp']);

/** A line to bring into view, and where. */
interface Aim {
  line: number;
  align: 'start' | 'center' | 'end';
  offsetPx: number;
}

export interface Place {
  /** What the list holds. */
  stretch: Stretch;
  follow: boolean;
  /** The first line in view. */
  top: number;
  setFollow: (follow: boolean) => void;
  /** Brings a line to the middle of the view. */
  goTo: (line: number) => void;
  handlers: Pick<
    VListProps,
    | 'onScroll'
    | 'onResize'
    | 'onWheel'
    | 'onKeyDown'
    | 'onPointerDown'
    | 'onPointerUp'
    | 'onTouchMove'
    | 'onTouchEnd'
  >;
}

/** @param lines how many the log has by now */
export function usePlace(list: RefObject<VListHandle | null>, lines: number): Place {
  const [follow, setFollow] = useState(true);
  const [start, setStart] = useState(0);
  const [top, setTop] = useState(0);
  const aim = useRef<Aim | null>(null);
  /** Counts what was aimed at, so that the same list is scrolled again. */
  const [aims, setAims] = useState(0);
  /** True while a finger or the scroll bar is held: only then a scroll is somebody's own. */
  const held = useRef(false);
  const stretch = follow ? endOf(lines) : stretchAt(start, lines);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another aim is settled for again
  const settle = useCallback(() => {
    const handle = list.current;
    if (!handle || stretch.count === 0) return;
    if (follow) {
      handle.scrollToIndex(stretch.count - 1, { align: 'end' });
      return;
    }
    const wanted = aim.current;
    aim.current = null;
    if (!wanted) return;
    handle.scrollToIndex(wanted.line - stretch.start, { align: wanted.align, offset: wanted.offsetPx });
  }, [list, follow, stretch.start, stretch.count, aims]);
  useLayoutEffect(settle, [settle]);

  const isAtEnd = (): boolean => {
    const handle = list.current;
    if (!handle) return true;
    return (
      stretch.start + stretch.count >= lines &&
      handle.scrollOffset + handle.viewportSize >= handle.scrollSize - nearEndPx
    );
  };
  const changeFollow = (next: boolean): void => {
    // Whoever stops following goes on from where the end was.
    if (!next && follow) setStart(stretch.start);
    setFollow(next);
  };
  const goTo = (line: number): void => {
    const wanted = Math.max(0, Math.min(line, lines - 1));
    aim.current = { line: wanted, align: 'center', offsetPx: 0 };
    setStart(stretchWith(wanted, stretch.start, lines).start);
    setFollow(false);
    setAims((count) => count + 1);
  };
  const look = (): void => {
    const handle = list.current;
    if (!handle) return;
    const first = stretch.start + handle.findItemIndex(handle.scrollOffset);
    const last = stretch.start + handle.findItemIndex(handle.scrollOffset + handle.viewportSize);
    setTop(first);
    const beyond = follow ? null : stretchBeyond(stretch, { first, last }, lines);
    if (!beyond) return;
    const offsetPx = handle.scrollOffset - handle.getItemOffset(first - stretch.start);
    aim.current = { line: first, align: 'start', offsetPx };
    setStart(beyond.start);
  };

  const handlers = {
    onWheel(event: WheelEvent) {
      if (event.deltaY < 0) changeFollow(false);
      else if (isAtEnd()) changeFollow(true);
    },
    onKeyDown(event: KeyboardEvent) {
      if (upwards.has(event.key)) changeFollow(false);
      if (event.key === 'End') changeFollow(true);
      if (event.key !== 'Home') return;
      event.preventDefault();
      goTo(0);
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
      if (!isAtEnd()) settle();
    },
    onScroll() {
      if (held.current) changeFollow(isAtEnd());
      look();
    },
  };
  return { stretch, follow, top, setFollow: changeFollow, goTo, handlers };
}
