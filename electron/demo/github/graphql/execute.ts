/** Answers GraphQL queries from a schema of resolvers. */
import { parseQuery, type QueryDocument, type Selection, type Value } from './parse.ts';

/** An object of the schema: its type's name and what its resolvers work on. */
interface GraphNode {
  typename: string;
  source: unknown;
}

/** Gives a scalar, `null`, a node, or a list of these. */
type Resolver = (source: never, args: Record<string, unknown>) => unknown;

/** Resolvers by type and field; the type `Query` is where queries start. */
export type Schema = Record<string, Record<string, Resolver>>;

interface GraphError {
  message: string;
  type?: string;
  path?: string[];
}

export interface GraphAnswer {
  data?: Record<string, unknown> | null;
  errors?: GraphError[];
}

/** An error of one field, which becomes `null`. */
export class FieldError extends Error {
  readonly type: string;

  constructor(type: string, message: string) {
    super(message);
    this.type = type;
  }
}

function isNode(value: unknown): value is GraphNode {
  return typeof value === 'object' && value !== null && 'typename' in value && 'source' in value;
}

function plain(value: Value, variables: Record<string, unknown>): unknown {
  if (value.kind === 'literal') return value.value;
  if (value.kind === 'variable') return variables[value.name] ?? null;
  if (value.kind === 'list') return value.items.map((item) => plain(item, variables));
  return Object.fromEntries(Object.entries(value.fields).map(([key, item]) => [key, plain(item, variables)]));
}

class Execution {
  readonly errors: GraphError[] = [];
  private readonly schema: Schema;
  private readonly document: QueryDocument;
  private readonly variables: Record<string, unknown>;

  constructor(schema: Schema, document: QueryDocument, variables: Record<string, unknown>) {
    this.schema = schema;
    this.document = document;
    this.variables = variables;
  }

  complete(value: unknown, selections: Selection[], path: string[]): unknown {
    if (Array.isArray(value))
      return value.map((item, index) => this.complete(item, selections, [...path, `${index}`]));
    return isNode(value) ? this.select(value, selections, path) : (value ?? null);
  }

  select(node: GraphNode, selections: Selection[], path: string[]): Record<string, unknown> {
    const result: Record<string, unknown> = {};
    for (const selection of selections) {
      if (selection.kind === 'field') result[selection.alias] = this.field(node, selection, path);
      else Object.assign(result, this.fragment(node, selection, path));
    }
    return result;
  }

  private fragment(node: GraphNode, selection: Exclude<Selection, { kind: 'field' }>, path: string[]) {
    const fragment =
      selection.kind === 'inline' ? selection : this.document.fragments.get(selection.fragment);
    if (!fragment || (fragment.on && fragment.on !== node.typename)) return {};
    return this.select(node, fragment.selections, path);
  }

  private field(node: GraphNode, field: Extract<Selection, { kind: 'field' }>, path: string[]): unknown {
    if (field.name === '__typename') return node.typename;
    const here = [...path, field.alias];
    const resolver = this.schema[node.typename]?.[field.name];
    if (!resolver) {
      this.errors.push({
        message: `Field '${field.name}' doesn't exist on type '${node.typename}'`,
        path: here,
      });
      return null;
    }
    const args = Object.fromEntries(
      Object.entries(field.args).map(([key, value]) => [key, plain(value, this.variables)]),
    );
    try {
      return this.complete(resolver(node.source as never, args), field.selections, here);
    } catch (error) {
      if (!(error instanceof FieldError)) throw error;
      this.errors.push({ type: error.type, path: here, message: error.message });
      return null;
    }
  }
}

/** Resolvers of introspection, as far as clients use it to ask which fields exist. */
function introspection(schema: Schema): Schema {
  return {
    __Type: {
      name: (name: string) => name,
      fields: (name: string) =>
        Object.keys(schema[name] ?? {}).map((field) => ({ typename: '__Field', source: field })),
      inputFields: () => [],
      enumValues: () => [],
    },
    __Field: { name: (field: string) => field },
    Query: {
      ...schema.Query,
      __type: (_: unknown, { name }) =>
        typeof name === 'string' && schema[name] ? { typename: '__Type', source: name } : null,
    },
  };
}

/** Answers one request. Unknown fields are errors, as on GitHub; the rest of the answer is still given. */
export function executeQuery(
  schema: Schema,
  request: { query: string; operationName?: unknown; variables?: Record<string, unknown> },
): GraphAnswer {
  let document: QueryDocument;
  try {
    document = parseQuery(request.query);
  } catch (error) {
    return { errors: [{ message: error instanceof Error ? error.message : String(error) }] };
  }
  const operation = document.operations.find(
    ({ name }) => !request.operationName || name === request.operationName,
  );
  if (operation?.type !== 'query') return { errors: [{ message: 'The demo GitHub answers queries only.' }] };
  const defaults = Object.fromEntries(
    Object.entries(operation.defaults).map(([key, value]) => [key, plain(value, {})]),
  );
  const execution = new Execution({ ...schema, ...introspection(schema) }, document, {
    ...defaults,
    ...request.variables,
  });
  const data = execution.select({ typename: 'Query', source: null }, operation.selections, []);
  return execution.errors.length > 0 ? { data, errors: execution.errors } : { data };
}
