/** What can be told of GitHub's expressions without a run, by GitHub's own implementation of their language. */
import { data, Evaluator, Lexer, Parser } from '@actions/expressions';

/** The value is only known in a run. */
export class DynamicValue extends Error {
  readonly expression: string;

  constructor(expression: string) {
    super(`Only a run tells what \`${expression}\` is.`);
    this.expression = expression;
  }
}

/** The expression is wrong, whatever the run. */
export class WrongExpression extends Error {}

/** Contexts that `runs-on` and a matrix may use (actions/runner, `workflow-v1.0.json`). */
const contexts = ['github', 'inputs', 'vars', 'needs', 'strategy', 'matrix'];

/** In a matrix: a value that only a run knows. */
export const dynamic = Symbol('only a run knows it');

/** One combination of a matrix. */
export type Combination = Readonly<Record<string, unknown>>;

/** Refuses to say what only a run knows. */
class MatrixContext extends data.Dictionary {
  readonly #expression: string;
  readonly #unknown = new Set<string>();

  constructor(combination: Combination, expression: string) {
    super();
    this.#expression = expression;
    for (const [key, value] of Object.entries(combination)) {
      if (typeof value === 'symbol') this.#unknown.add(key.toLowerCase());
      else this.add(key, toData(value));
    }
  }

  override get(key: string): data.ExpressionData | undefined {
    if (this.#unknown.has(key.toLowerCase())) throw new DynamicValue(this.#expression);
    return super.get(key);
  }
}

function toData(value: unknown): data.ExpressionData {
  return JSON.parse(JSON.stringify(value ?? null), data.reviver);
}

function fromData(value: data.ExpressionData): unknown {
  return JSON.parse(JSON.stringify(value, data.replacer));
}

function evaluate(expression: string, combination: Combination | null): data.ExpressionData {
  const { tokens } = attempt(() => new Lexer(expression).lex());
  attempt(() => new Parser(tokens, contexts, []).parse());
  let tree: ReturnType<Parser['parse']>;
  try {
    tree = new Parser(tokens, combination ? ['matrix'] : [], []).parse();
  } catch {
    throw new DynamicValue(`\${{ ${expression.trim()} }}`);
  }
  const context = new data.Dictionary();
  if (combination) {
    context.add('matrix', new MatrixContext(combination, `\${{ ${expression.trim()} }}`));
  }
  return attempt(() => new Evaluator(tree, context).evaluate());
}

/** Does a part of the work; what the library throws is the expression's fault. */
function attempt<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof DynamicValue) throw error;
    throw new WrongExpression(error instanceof Error ? error.message : String(error));
  }
}

/** Where the expression that begins at `start` has its `}}`; those in quoted texts do not count. */
function endOf(text: string, start: number): number {
  let isQuoted = false;
  for (let at = start; at < text.length; at++) {
    if (text[at] === "'") isQuoted = !isQuoted;
    else if (!isQuoted && text.startsWith('}}', at)) return at;
  }
  throw new WrongExpression('an expression is not closed with `}}`');
}

/** Plain words and the insides of expressions, in turn: the first, third, … are plain. */
function split(text: string): string[] {
  const pieces: string[] = [];
  let at = 0;
  for (let start = text.indexOf('${{'); start >= 0; start = text.indexOf('${{', at)) {
    const end = endOf(text, start + 3);
    pieces.push(text.slice(at, start), text.slice(start + 3, end));
    at = end + 2;
  }
  return [...pieces, text.slice(at)];
}

/**
 * The value of a text of a workflow file: the text itself where it holds no expression, the expression's value (a list
 * or an object too) where it is nothing else, otherwise a text with the values put in.
 * @param combination of the job's matrix; null where no matrix is to be had
 * @throws DynamicValue, WrongExpression
 */
export function resolveText(text: string, combination: Combination | null): unknown {
  const pieces = split(text);
  const [before = '', only, after = ''] = pieces;
  if (only === undefined) return text;
  if (pieces.length === 3 && before.trim() === '' && after.trim() === '') {
    return fromData(evaluate(only, combination));
  }
  return pieces
    .map((piece, index) => (index % 2 === 0 ? piece : evaluate(piece, combination).coerceString()))
    .join('');
}
