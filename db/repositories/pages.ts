const pageSize = 256;

/**
 * All rows in export order, read page by page. No statement stays open between pages, so that
 * edits can go on while an export runs.
 */
export function* inPages<Row extends { exportId: number }>(
  read: (afterExportId: number, limit: number) => Row[],
): IterableIterator<Row> {
  let after = 0;
  for (let page = read(after, pageSize); page.length > 0; page = read(after, pageSize)) {
    yield* page;
    after = page.at(-1)!.exportId;
  }
}
