import { z } from 'zod';
import type { BoundRoute, RequestSchemas, RouteContract } from './route.ts';
import { isBare } from './routes.ts';

export interface ApiInfo {
  readonly title: string;
  readonly version: string;
  readonly description: string;
}

type Json = Record<string, unknown>;

const PROBLEM = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional(),
    instance: z.string(),
    code: z.string().describe('A word for programs; it does not change'),
    requestId: z.string().optional().describe('Tell it when you ask for help'),
    errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
  })
  .describe('RFC 9457');

/** OpenAPI 3.1 from the route table that also makes the router. */
export function openApiDocument(info: ApiInfo, routes: readonly BoundRoute[]): Json {
  const paths: Record<string, Json> = {};
  for (const { name, contract } of routes) {
    const path = contract.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [contract.method]: operation(name, contract) };
  }
  return {
    openapi: '3.1.0',
    info,
    paths,
    components: {
      schemas: { Problem: toSchema(PROBLEM, 'output') },
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
    },
  };
}

function operation(name: string, contract: RouteContract): Json {
  const { request = {}, response, auth } = contract;
  const body = request.body;
  return {
    operationId: name,
    tags: [topicOf(contract.path)],
    summary: contract.summary,
    ...(auth === 'public' ? {} : { security: auth === 'optional' ? [{}, BEARER] : [BEARER] }),
    parameters: parameters(request),
    ...(body ? { requestBody: { required: true, content: json(toSchema(body, 'input')) } } : {}),
    responses: {
      [response.status]: {
        description: response.status < 300 ? 'Success' : 'Look elsewhere',
        ...(isBare(response.status) ? {} : { content: contentOf(response) }),
      },
      ...problems(contract),
    },
  };
}

/** What a route is about: the first word of its path that is no version. */
const topicOf = (path: string) =>
  path.split('/').find((word) => word !== '' && !/^(?:v\d+|api)$/.test(word)) ?? 'other';

const BEARER = { bearer: [] };
const json = (schema: Json) => ({ 'application/json': { schema } });
const contentOf = ({ body, type = 'application/json' }: RouteContract['response']) => ({
  [type]: { schema: toSchema(body, 'output') },
});

function parameters(request: RequestSchemas): Json[] {
  const places = { params: 'path', query: 'query', headers: 'header' } as const;
  return Object.entries(places).flatMap(([part, place]) => {
    const schema = request[part as keyof typeof places];
    if (!schema) return [];
    const { properties = {}, required = [] } = toSchema(schema, 'input') as {
      properties?: Record<string, Json>;
      required?: string[];
    };
    // OpenAPI names the one by the security of a route alone; the other is between a browser and us.
    const { authorization: _, cookie: __, ...named } = properties;
    return Object.entries(named).map(([name, property]) => {
      const { description, ...rest } = property;
      return {
        name,
        in: place,
        required: place === 'path' || required.includes(name),
        ...(description ? { description } : {}),
        schema: rest,
      };
    });
  });
}

function problems({ request, auth, problems: own = {} }: RouteContract): Json {
  const codes: Record<number, string> = {
    ...(request ? { 400: 'invalid_request' } : {}),
    ...(auth === 'public' ? {} : { 401: 'missing_token, invalid_token or token_expired' }),
    ...(Array.isArray(auth) ? { 403: 'forbidden' } : {}),
    ...own,
  };
  const content = {
    'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
  };
  const answers = Object.entries(codes).map(([status, code]) => [
    status,
    { description: code, content },
  ]);
  return { ...Object.fromEntries(answers), default: { description: 'Any other problem', content } };
}

function toSchema(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
}
