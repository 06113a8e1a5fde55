import { describe, expect, it } from 'vitest';
import { Jobs, type Job } from '../../../renderer/jobs.svelte.ts';
import { FakeBridge } from '../../support/fake-bridge.ts';

const report = { kind: 'import', images: 2, annotations: 0, categories: 0, skipped: [] } as const;
const adding = { kind: 'import-images', title: { en: 'Adding images', 'zh-CN': '添加图像' } };
const counted = { done: 1, total: 2, leftMs: null };

describe('jobs', () => {
  it('are followed from their start to their end', () => {
    const bridge = new FakeBridge([]);
    const ended: Job[] = [];
    const jobs = new Jobs(bridge, (job) => ended.push(job));
    jobs.follow({ jobId: 'one' }, 'Adding images');
    expect(jobs.running).toMatchObject({ id: 'one', done: 0, total: null });
    bridge.emit('job:progress', { jobId: 'one', ...adding, ...counted });
    expect(jobs.running).toMatchObject({ done: 1, total: 2 });
    const end = { outcome: 'done', result: report } as const;
    bridge.emit('job:end', { jobId: 'one', ...adding, end });
    expect(jobs.running).toBeNull();
    expect(ended).toMatchObject([{ id: 'one', end }]);
  });

  it('keep the words of the window, whatever their events call them', () => {
    const ended: string[] = [];
    const bridge = new FakeBridge([]);
    const jobs = new Jobs(bridge, ({ label }) => ended.push(label));
    jobs.follow({ jobId: 'one' }, '导入 COCO');
    bridge.emit('job:progress', { jobId: 'one', ...adding, ...counted });
    expect(jobs.running).toMatchObject({ label: '导入 COCO', done: 1 });
    const end = { outcome: 'done', result: report } as const;
    bridge.emit('job:end', { jobId: 'one', ...adding, end });
    expect(ended).toEqual(['导入 COCO']);
  });

  it('that a call waits for have words of the window too', () => {
    const bridge = new FakeBridge([]);
    const jobs = new Jobs(bridge, () => undefined);
    const call = {
      ...{ jobId: 'call', kind: 'remove-category', total: 12_500 },
      title: { en: 'Removing the category', 'zh-CN': '删除类别' },
    };
    bridge.emit('job:progress', { ...call, done: 0, leftMs: null });
    expect(jobs.running).toMatchObject({ label: 'Removing the category', leftMs: null });
    bridge.emit('job:progress', { ...call, done: 500, leftMs: 2000 });
    expect(jobs.running!.leftMs).toBeGreaterThan(0);
  });

  it('keep what they say of themselves, and how the newest of a kind ended', () => {
    const bridge = new FakeBridge([]);
    const jobs = new Jobs(bridge, () => undefined);
    jobs.follow({ jobId: 'one' }, 'Train', 'model', 'finetune');
    bridge.emit('job:log', { jobId: 'one', line: 'Learning from 5 images' });
    expect(jobs.latest('finetune')).toMatchObject({ id: 'one', log: ['Learning from 5 images'] });
    expect(jobs.latest('convert')).toBeNull();
  });

  it('are of the project unless they are said to be of a model', () => {
    const jobs = new Jobs(new FakeBridge([]), () => undefined);
    jobs.follow({ jobId: 'images' }, 'Adding images');
    jobs.follow({ jobId: 'weights' }, 'Converting the checkpoint', 'model');
    expect(jobs.get('images')?.subject).toBe('project');
    expect(jobs.get('weights')?.subject).toBe('model');
  });

  it('that ended before their start was known do not run for ever', () => {
    const bridge = new FakeBridge([]);
    const jobs = new Jobs(bridge, () => undefined);
    const end = { outcome: 'done', result: report } as const;
    bridge.emit('job:end', { jobId: 'quick', ...adding, end });
    jobs.follow({ jobId: 'quick' }, 'Adding images');
    expect(jobs.running).toBeNull();
    expect(jobs.get('quick')?.end).toEqual(end);
  });
});
