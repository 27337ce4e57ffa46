import { expect } from 'chai';
import { deadlineOf, statusOf } from '../../src/runtimes/status.ts';

const dates = {
  identifier: 'nodejs22.x',
  deprecated: '2027-04-30',
  createBlocked: '2027-06-01',
  updateBlocked: '2027-07-01',
};

describe("a runtime's status", () => {
  const days: [day: string, status: string][] = [
    ['2026-11-01', 'deprecating-soon'],
    ['2026-10-31', 'supported'],
    ['2027-04-29', 'deprecating-soon'],
    ['2027-04-30', 'deprecated'],
    ['2027-05-31', 'deprecated'],
    ['2027-06-01', 'create-blocked'],
    ['2027-06-30', 'create-blocked'],
    ['2027-07-01', 'update-blocked'],
  ];
  for (const [day, status] of days) {
    it(`is ${status} on ${day}, 180 days being soon`, () => {
      expect(statusOf(dates, day)).to.equal(status);
    });
  }

  it('is supported until its day when no days are soon', () => {
    expect(statusOf(dates, '2027-04-29', 0)).to.equal('supported');
    expect(statusOf(dates, '2027-04-30', 0)).to.equal('deprecated');
  });

  it('is unknown for a runtime that the table lacks, and never an error', () => {
    expect(statusOf(undefined, '2026-11-22')).to.equal('unknown');
  });

  it('is supported for ever while nothing is scheduled', () => {
    const open = { ...dates, deprecated: null, createBlocked: null, updateBlocked: null };
    expect(statusOf(open, '2099-01-01')).to.equal('supported');
  });

  it('is the furthest block reached where the dates are out of order', () => {
    const edge = {
      ...dates,
      createBlocked: '2019-03-31',
      deprecated: '2020-03-05',
      updateBlocked: null,
    };
    expect(statusOf(edge, '2019-04-01')).to.equal('create-blocked');
  });
});

describe("a runtime's deadline", () => {
  it('is the next date ahead, and after the last one that one', () => {
    expect(deadlineOf(dates, '2027-01-01')).to.equal('2027-04-30');
    expect(deadlineOf(dates, '2027-04-30')).to.equal('2027-06-01');
    expect(deadlineOf(dates, '2027-12-31')).to.equal('2027-07-01');
  });

  it('is null when nothing is scheduled or the runtime is unknown', () => {
    expect(deadlineOf(undefined, '2027-01-01')).to.equal(null);
  });
});
