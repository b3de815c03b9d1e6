import { isUnchanged } from '@whatsthecraic/platform/conditional';
import type { Request, Response } from 'express';
import type { SharedAnswer } from '../domain/shared-reads.ts';

/** Answers with what was read for all who ask the same; who has it already is only told so. */
export function sendWhole(req: Request, res: Response, answer: SharedAnswer): void {
  const { status, headers, body, age } = answer;
  res.status(status).set(headers);
  if (status === 200) res.set('Age', String(age));
  const { etag } = headers;
  if (status === 200 && etag && isUnchanged(req.headers['if-none-match'], etag)) {
    res.status(304).removeHeader('Content-Type');
    res.end();
    return;
  }
  res.send(body);
}
