import type { Services } from '../../session.ts';

/** Tells every interface that records were changed by something other than its own call. */
export function announceChange({
  emit,
  projects,
  thumbnails,
}: Pick<Services, 'emit' | 'projects' | 'thumbnails'>): void {
  emit('project:changed', { summary: projects.summary() });
  thumbnails.fill(projects.require());
}
