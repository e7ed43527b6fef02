import { type NoteCheck } from './note-check.js';
import * as messages from './verify.messages.js';

/** What a verification knows of its own limits. */
export interface Limits {
  readonly noteCheck: NoteCheck;
  /** Keys that the auditor gave and that are of other trails. */
  readonly keysOfOthers: number;
  /** The key in force, when it is trusted and the auditor gave only others. */
  readonly notGiven: string | undefined;
  /** The last entry. */
  readonly position: number;
  /** Entries whose link could not be checked. */
  readonly notLinked: number;
  /** Whether anchors were given. */
  readonly anchored: boolean;
  /** The key that was taken on trust, if one was. */
  readonly firstUse: string | undefined;
}

/** What could not be established, in sentences: a verdict says nothing of what it cannot see. */
export function notEstablished(limits: Limits): string[] {
  const { noteCheck, position, notLinked, anchored, firstUse, keysOfOthers, notGiven } = limits;
  const { signedNotes, trustedNotes, signedThrough, anchoredThrough, notCompared, beforeStart } = noteCheck;
  const { unreadableAnchors, anchorsOfOthers } = noteCheck;
  const anchors = noteCheck.counts('anchor').given;
  const said: (string | false)[] = [
    !anchored && messages.WITHOUT_ANCHOR,
    anchored && anchors === 0 && messages.NO_ANCHORS,
    anchored && anchors > 0 && messages.sinceAnchor(anchoredThrough),
    firstUse !== undefined && messages.firstUse(firstUse),
    keysOfOthers > 0 && messages.keysOfOthers(keysOfOthers),
    notGiven !== undefined && messages.keyInForceNotGiven(notGiven),
    signedNotes === 0 && messages.NOTHING_SIGNED,
    signedNotes > 0 && trustedNotes === 0 && messages.nothingSignedByTrusted(signedNotes),
    trustedNotes > 0 && signedThrough < position && messages.unsignedTail(signedThrough + 1, position),
    notCompared > 0 && messages.notCompared(notCompared),
    notLinked > 0 && messages.notLinked(notLinked),
    beforeStart > 0 && messages.beforeStart(beforeStart),
    unreadableAnchors > 0 && messages.unreadableAnchors(unreadableAnchors),
    anchorsOfOthers > 0 && messages.anchorsOfOthers(anchorsOfOthers),
  ];
  return said.filter((sentence) => sentence !== false);
}
