/** Hands saved files out to a browser that is signed in: always as a file to keep, never as something to show. */
import { type FileHandle, open } from 'node:fs/promises';
import type { FastifyInstance } from 'fastify';

/** @returns null when nothing is offered under this id */
export type FindDownload = (id: string) => { path: string; name: string } | null;

/** Adds `/downloads/ID/NAME`; the name must be the file's own, so that the browser saves it under that. */
export function addDownloads(server: FastifyInstance, find: FindDownload): void {
  server.get('/downloads/:id/:name', async (request, reply) => {
    const { id, name } = request.params as { id: string; name: string };
    const offered = find(id);
    const file = offered?.name === name ? await openFile(offered.path) : null;
    if (!file) return reply.callNotFound();
    const { size } = await file.stat();
    return reply
      .header('content-disposition', 'attachment')
      .header('content-length', size)
      .header('cache-control', 'no-store')
      .type('application/octet-stream')
      .send(file.createReadStream());
  });
}

/** Null when it was deleted or moved meanwhile. */
async function openFile(path: string): Promise<FileHandle | null> {
  try {
    return await open(path);
  } catch {
    return null;
  }
}
