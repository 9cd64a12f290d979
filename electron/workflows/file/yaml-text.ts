/** YAML as GitHub reads it: version 1.2 whatever a file says of itself, anchors but no merge keys, one document. */
import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  visit,
  type YAMLError,
  type YAMLMap,
} from 'yaml';

export interface Place {
  /** Both from 1. */
  line: number;
  column: number;
}

export interface Problem extends Place {
  message: string;
}

/** A word of the file and where it stands. */
export interface PlacedWord extends Place {
  text: string;
}

export interface YamlText {
  /** Undefined when nothing can be said about it because of the problems. */
  value: unknown;
  problems: Problem[];
  /** Where the key at the end of a path stands; the nearest one above it where it has no place of its own. */
  placeOf(path: readonly string[]): Place;
  /** All words below a path, at most 2,000; what an alias stands for has the place of its anchor. */
  wordsBelow(path: readonly string[]): PlacedWord[];
}

/**
 * Larger files are not read: GitHub starts nothing from them (docs.github.com, "Actions limits": 500 KB; people found
 * that it counts 512,000 bytes).
 */
export const mostWorkflowBytes = 512_000;

/** What is told of a file with more bytes. */
export function tooLarge(bytes: number): string {
  const counted = bytes.toLocaleString('en');
  return `The file has ${counted} bytes and was not read: GitHub starts nothing from one with more than 512,000.`;
}

/** Reading takes up to a second for this many; a file of ten thousand lines has a third of it. */
const mostTokens = 300_000;
/** Lists and mappings in brackets within each other; GitHub itself reads 50. */
const deepest = 200;
const tooDeep = 'It is nested too deep to be read.';
/**
 * What a file may come to with its aliases followed, as in actions/runner: `YamlObjectReader.c_maxYamlNodes`, where a
 * list or mapping counts twice, and `ParseOptions.MaxResultSize`.
 */
const mostNodes = 50_000;
const mostCharacters = 10 * 1024 * 1024;
/** Aliases of one anchor, times the aliases within it: what passes the two limits above is less than this. */
const maxAliasCount = mostNodes;
const mostProblems = 50;
const mostWords = 2000;

const startOfFile: Place = { line: 1, column: 1 };

function sentenceOf(error: YAMLError): string {
  if (error.code === 'TAB_AS_INDENT') return 'A tab indents this line. YAML takes spaces only.';
  if (error.code === 'MULTIPLE_DOCS') return 'A second document begins here. A workflow file holds one.';
  if (error.message.includes('stack')) return tooDeep;
  return /[.!?]$/.test(error.message) ? error.message : `${error.message}.`;
}

interface Findings {
  /** Each alias with what it stands for. */
  targets: Map<Alias, Node>;
  /** Aliases that stand for nothing. */
  unknown: Alias[];
  mergeKeys: Node[];
  /** Keys that their mapping had already. */
  repeated: Node[];
}

function lookThrough(document: Document): Findings {
  const anchors = new Map<string, Node>();
  const found: Findings = { targets: new Map(), unknown: [], mergeKeys: [], repeated: [] };
  visit(document, {
    Map(_, map) {
      if (map.anchor) anchors.set(map.anchor, map);
      const keys = new Set<string>();
      for (const { key } of map.items) {
        if (!isScalar(key)) continue;
        if (keys.has(String(key.value))) found.repeated.push(key);
        keys.add(String(key.value));
        if (key.value === '<<' && key.type === 'PLAIN') found.mergeKeys.push(key);
      }
    },
    Node(_, node) {
      if (!isAlias(node)) {
        if (node.anchor) anchors.set(node.anchor, node);
        return;
      }
      const target = anchors.get(node.source);
      if (target) found.targets.set(node, target);
      else found.unknown.push(node);
    },
  });
  return found;
}

/** What a node comes to with its aliases followed; endless when it is a part of itself. */
function sizeOf(root: unknown, targets: ReadonlyMap<Alias, Node>): { nodes: number; characters: number } {
  const known = new Map<unknown, { nodes: number; characters: number }>();
  const endless = { nodes: Number.POSITIVE_INFINITY, characters: 0 };
  const measure = (node: unknown): { nodes: number; characters: number } => {
    if (isAlias(node)) return measure(targets.get(node));
    if (isScalar(node)) return { nodes: 1, characters: node.source?.length ?? 0 };
    const before = known.get(node);
    if (before) return before;
    known.set(node, endless);
    const parts = isMap(node)
      ? node.items.flatMap(({ key, value }) => [measure(key), measure(value)])
      : isSeq(node)
        ? node.items.map(measure)
        : [];
    const size = parts.reduce(
      (sum, part) => ({ nodes: sum.nodes + part.nodes, characters: sum.characters + part.characters }),
      { nodes: 2, characters: 0 },
    );
    known.set(node, size);
    return size;
  };
  return measure(root);
}

/** Why a sound document is not taken; null when it is. */
function tooMuch(document: Document, targets: ReadonlyMap<Alias, Node>): string | null {
  const { nodes, characters } = sizeOf(document.contents, targets);
  if (nodes === Number.POSITIVE_INFINITY)
    return 'An alias in it stands for something that it is itself a part of.';
  if (nodes <= mostNodes && characters <= mostCharacters) return null;
  return targets.size > 0
    ? 'With its aliases written out it is larger than GitHub reads. Use fewer of them.'
    : 'It has more keys and values than GitHub reads (50,000). Make two workflows of it.';
}

function unreadable(message: string, place = startOfFile): YamlText {
  return {
    value: undefined,
    problems: [{ ...place, message }],
    placeOf: () => place,
    wordsBelow: () => [],
  };
}

/** Why a text is not even parsed, by its tokens alone; null when it is. */
function tooHard(text: string): string | null {
  let tokens = 0;
  let depth = 0;
  for (const token of new Lexer().lex(text)) {
    tokens += 1;
    if (token === '[' || token === '{') depth += 1;
    else if (token === ']' || token === '}') depth -= 1;
    if (depth > deepest) return tooDeep;
    if (tokens > mostTokens) return 'It has more parts than any workflow needs, and was not read.';
  }
  return null;
}

/** Reads YAML; never throws, whatever the text is. */
export function readYaml(text: string): YamlText {
  const bytes = Buffer.byteLength(text);
  if (bytes > mostWorkflowBytes) return unreadable(tooLarge(bytes));
  try {
    const refused = tooHard(text);
    if (refused !== null) return unreadable(refused);
    return readDocument(text);
  } catch (error) {
    return unreadable(`It cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function readDocument(text: string): YamlText {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    version: '1.2',
    schema: 'core',
    merge: false,
    resolveKnownTags: false,
    // The library compares each key with each other; `lookThrough` looks for them in one go.
    uniqueKeys: false,
    // Less, and a second document would be passed over.
    logLevel: 'error',
  });
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const placeOfNode = (node: Node): Place => at(node.range?.[0] ?? 0);
  const { targets, unknown, mergeKeys, repeated } = lookThrough(document);
  const problems: Problem[] = [...document.errors, ...document.warnings].map((error) => ({
    ...at(error.pos[0]),
    message: sentenceOf(error),
  }));
  for (const key of repeated) {
    problems.push({ ...placeOfNode(key), message: 'This key is there twice. Remove one of them.' });
  }
  for (const alias of unknown) {
    problems.push({
      ...placeOfNode(alias),
      message: `No anchor \`&${alias.source}\` stands before this alias.`,
    });
  }
  const refused = problems.length === 0 ? tooMuch(document, targets) : null;
  if (refused !== null) problems.push({ ...startOfFile, message: refused });
  const isWhole = problems.length === 0;
  for (const key of mergeKeys) {
    const message = 'GitHub knows anchors and aliases, but no merge keys (`<<`). Write these lines out.';
    problems.push({ ...placeOfNode(key), message });
  }
  const pairsOf = createPairIndex();
  const resolved = (node: unknown): unknown => (isAlias(node) ? targets.get(node) : node);
  return {
    value: isWhole ? document.toJS({ maxAliasCount }) : undefined,
    problems: problems.sort((a, b) => a.line - b.line || a.column - b.column).slice(0, mostProblems),
    placeOf: (path) => {
      const { key } = follow(document.contents, path, resolved, pairsOf);
      return key ? placeOfNode(key) : startOfFile;
    },
    wordsBelow: (path) =>
      wordsIn(follow(document.contents, path, resolved, pairsOf).value, resolved, placeOfNode),
  };
}

type Resolve = (node: unknown) => unknown;

/** The pairs of a mapping by their keys. */
type PairsOf = (map: YAMLMap) => ReadonlyMap<string, Pair>;

function createPairIndex(): PairsOf {
  const indexes = new WeakMap<YAMLMap, Map<string, Pair>>();
  return (map) => {
    const index =
      indexes.get(map) ??
      new Map(
        map.items.flatMap((pair) => (isScalar(pair.key) ? [[String(pair.key.value), pair] as const] : [])),
      );
    indexes.set(map, index);
    return index;
  };
}

/** The last key of a path that is there, and what stands behind the whole path. */
function follow(
  root: unknown,
  path: readonly string[],
  resolved: Resolve,
  pairsOf: PairsOf,
): { key: Node | null; value: unknown } {
  let key: Node | null = null;
  let node = resolved(root);
  for (const step of path) {
    const pair = isMap(node) ? pairsOf(node).get(step) : undefined;
    if (!pair) return { key, value: null };
    if (isScalar(pair.key)) key = pair.key;
    node = resolved(pair.value);
  }
  return { key, value: node };
}

function wordsIn(root: unknown, resolved: Resolve, placeOfNode: (node: Node) => Place): PlacedWord[] {
  const words: PlacedWord[] = [];
  const seen = new Set<unknown>();
  const collect = (node: unknown): void => {
    const target = resolved(node);
    if (typeof target !== 'object' || target === null || seen.has(target) || words.length >= mostWords)
      return;
    seen.add(target);
    visit(target as Node, {
      Alias: (_, alias) => collect(alias),
      Scalar(key, scalar) {
        if (words.length >= mostWords) return visit.BREAK;
        if (key !== 'key') words.push({ text: String(scalar.value), ...placeOfNode(scalar) });
        return undefined;
      },
    });
  };
  collect(root);
  return words;
}
