import type { Services } from '../../session.ts';

/**
 * Tells every interface that records were changed by something other than its own call.
 * @param savedFrom the file that the project was in, where it goes on in another one
 */
export function announceChange(
  { emit, projects, thumbnails }: Pick<Services, 'emit' | 'projects' | 'thumbnails'>,
  savedFrom?: string,
): void {
  emit('project:changed', {
    summary: projects.summary(),
    ...(savedFrom !== undefined && { savedFrom }),
  });
  thumbnails.fill(projects.require());
}
