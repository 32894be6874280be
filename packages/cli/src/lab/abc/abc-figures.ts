/**
 * The figures of a comparison of systems. Where it ran stands in each; what ran in nodes never shares one with what ran in memory.
 */
import { barChart } from '../plot/bar-chart.js'
import { lineChart, type Point, type Series } from '../plot/line-chart.js'
import { type Figure, figure } from '../report/report.js'
import type { AbcRow } from './abc-bench.js'
import { type Entry, entriesOf } from './abc-series.js'
import { WORK } from './cell.js'

/** All figures that these rows suffice for, apart for each place where they ran. */
export function abcFigures(rows: readonly AbcRow[]): readonly Figure[] {
  const entries = entriesOf(rows)
  const places = [
    {
      place: 'memory',
      note: 'Measured, one process and one thread: protocol and codec, no sockets, no log.',
      inNodes: false,
    },
    {
      place: 'libp2p',
      note: 'Measured, one process per member over libp2p on one machine: whole nodes, log synced.',
      inNodes: true,
    },
  ]
  return places.flatMap(({ place, note, inNodes }) => {
    const own = entries.filter(({ repeats }) => repeats[0]?.ran.startsWith('one process') !== inNodes)
    if (own.length === 0) return []
    return [
      ...loadFigures(own, place, note),
      ...sizeFigures(own, place, note),
      ...faultFigure(own, place, note),
      ...(inNodes ? [] : [...workFigures(own), ...countFigures(own)]),
    ]
  })
}

const calm = (entries: readonly Entry[]): readonly Entry[] =>
  entries.filter(({ cell }) => cell.faults === 'none')

const throughput = (entry: Entry) => entry.of(({ txPerSecond }) => txPerSecond)
const latency = (entry: Entry) => entry.of(({ latencyMs }) => latencyMs.median)

const point = (
  x: number,
  { value, min, max }: { readonly value: number; readonly min: number; readonly max: number },
): Point => ({ x, y: value, min, max })

/** F1 to F3: one figure for each size. */
function loadFigures(entries: readonly Entry[], place: string, note: string): readonly Figure[] {
  return distinct(calm(entries).map(({ cell }) => cell.n)).flatMap(n => {
    const own = calm(entries).filter(({ cell }) => cell.n === n)
    if (distinct(own.map(({ cell }) => cell.batch)).length < 2) return []
    const byBatch = (value: typeof throughput): Series[] =>
      perSystem(own, entry => point(entry.cell.batch, value(entry)))
    const curve = perSystem(own, entry => ({
      ...point(throughput(entry).value, latency(entry)),
      label: `batch ${entry.cell.batch}`,
    }))
    const batch = { label: 'transactions per member and epoch', kind: 'log' as const }
    const tx = { label: 'transactions per second', kind: 'log' as const }
    const ms = { label: `median latency, ms (${latencyWords(own)})`, kind: 'log' as const }
    return [
      {
        id: `F1-${place}-n${n}`,
        svg: lineChart({
          title: `F1  Throughput against batch, n = ${n}, ${place}`,
          note,
          x: batch,
          y: tx,
          series: byBatch(throughput),
        }),
        meaning: best(own, throughput, 'transactions per second', 'most', `at n = ${n}`),
      },
      {
        id: `F2-${place}-n${n}`,
        svg: lineChart({
          title: `F2  Latency against batch, n = ${n}, ${place}`,
          note,
          x: batch,
          y: ms,
          series: byBatch(latency),
        }),
        meaning: best(own, latency, 'ms of median latency', 'least', `at n = ${n}`),
      },
      {
        id: `F3-${place}-n${n}`,
        svg: lineChart({
          title: `F3  Latency against throughput, n = ${n}, ${place}`,
          note,
          x: tx,
          y: ms,
          series: curve,
        }),
        meaning:
          'Each point is a batch size: right is more throughput, down is less waiting; a curve that turns upwards has met its limit.',
      },
    ]
  })
}

const latencyWords = (entries: readonly Entry[]): string =>
  entries[0]?.repeats[0]?.latencyOf === 'transaction'
    ? 'submit to block at one member'
    : 'proposal to the (n − f)-th batch'

/** F4 and F5: against n. */
function sizeFigures(entries: readonly Entry[], place: string, note: string): readonly Figure[] {
  const own = calm(entries)
  if (distinct(own.map(({ cell }) => cell.n)).length < 2) return []
  const least = Math.min(...own.map(({ cell }) => cell.batch))
  const peaks = distinct(own.map(({ cell }) => `${cell.preset} ${cell.n}`)).map(key =>
    own
      .filter(({ cell }) => `${cell.preset} ${cell.n}` === key)
      .reduce((a, b) => (throughput(b).value > throughput(a).value ? b : a)),
  )
  const basic = own.filter(({ cell }) => cell.batch === least)
  const members = { label: 'members n', kind: 'log' as const }
  return [
    {
      id: `F4-${place}`,
      svg: lineChart({
        title: `F4  Peak throughput against n, ${place}`,
        note,
        x: members,
        y: { label: 'transactions per second', kind: 'log' },
        series: perSystem(peaks, entry => ({
          ...point(entry.cell.n, throughput(entry)),
          label: `batch ${entry.cell.batch}`,
        })),
      }),
      meaning: best(peaks, throughput, 'transactions per second', 'most', 'at its best batch'),
    },
    {
      id: `F5-${place}`,
      svg: lineChart({
        title: `F5  Basic latency (batch ${least}) against n, ${place}`,
        note,
        x: members,
        y: { label: `median latency, ms (${latencyWords(own)})`, kind: 'log' },
        series: perSystem(basic, entry => point(entry.cell.n, latency(entry))),
      }),
      meaning: best(basic, latency, 'ms of median latency', 'least', `with batches of ${least}`),
    },
  ]
}

/** F7: one group of bars per system, at the greatest size and batch for which faults were measured. */
function faultFigure(entries: readonly Entry[], place: string, note: string): readonly Figure[] {
  const faulty = entries.filter(({ cell }) => cell.faults !== 'none')
  if (faulty.length === 0) return []
  const n = Math.max(...faulty.map(({ cell }) => cell.n))
  const batch = Math.max(...faulty.filter(({ cell }) => cell.n === n).map(entry => entry.cell.batch))
  const own = entries.filter(({ cell }) => cell.n === n && cell.batch === batch)
  const groups = distinct(own.map(({ cell }) => cell.preset)).map(name => ({
    name,
    bars: own
      .filter(({ cell }) => cell.preset === name)
      .map(entry => ({ series: entry.cell.faults, ...throughput(entry) })),
  }))
  const worst = own.reduce((a, b) => (throughput(b).value < throughput(a).value ? b : a))
  return [
    {
      id: `F7-${place}`,
      svg: barChart({
        title: `F7  Throughput under faults, n = ${n}, batches of ${batch}, ${place}`,
        note,
        x: 'system',
        y: { label: 'transactions per second' },
        groups,
      }),
      meaning: `Least: ${worst.cell.preset} under ${worst.cell.faults}, ${figure(throughput(worst).value)} transactions per second; members that are down propose nothing, so less work is done, too.`,
    },
  ]
}

/** F6: where processor time goes. */
function workFigures(entries: readonly Entry[]): readonly Figure[] {
  const timed = calm(entries).filter(({ repeats }) => repeats[0]?.workMsPerEpoch !== undefined)
  if (timed.length === 0) return []
  const batch = Math.max(...timed.map(({ cell }) => cell.batch))
  const own = timed.filter(({ cell }) => cell.batch === batch)
  const groups = own.map(entry => {
    const whole = entry.repeats.map(({ workMsPerEpoch }) =>
      Object.values(workMsPerEpoch ?? {}).reduce((sum, ms) => sum + ms, 0),
    )
    return {
      name: `${entry.cell.preset} n=${entry.cell.n}`,
      bars: WORK.map(series => ({
        series,
        value:
          (100 * entry.of(({ workMsPerEpoch }) => workMsPerEpoch?.[series] ?? 0).value) /
          distributionMedian(whole),
      })),
    }
  })
  return [
    {
      id: 'F6-memory',
      svg: barChart({
        title: `F6  Where the time of an epoch goes, batches of ${batch}, memory`,
        note: 'Measured in one process: percent of the time in handlers and codecs, by what a message is for; noisy on a busy machine.',
        x: 'system and size',
        y: { label: 'percent' },
        groups,
        stacked: true,
      }),
      meaning:
        'Broadcast carries the payloads; agreement and coin decide whose are in. Codec is the way to bytes and back.',
    },
  ]
}

const distributionMedian = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] || 1

/** F8: counts of the first epochs, which no clock has touched. */
function countFigures(entries: readonly Entry[]): readonly Figure[] {
  const least = Math.min(...calm(entries).map(({ cell }) => cell.batch))
  const own = calm(entries).filter(
    ({ cell, repeats }) => cell.batch === least && repeats[0]?.counted !== undefined,
  )
  if (distinct(own.map(({ cell }) => cell.n)).length < 2) return []
  const counted = (what: 'messagesPerEpoch' | 'bytesPerEpoch') => (entry: Entry) =>
    entry.of(({ counted: counts }) => (counts?.[what] ?? 0) / entry.cell.n)
  return (
    [
      ['messages', 'messagesPerEpoch'],
      ['bytes', 'bytesPerEpoch'],
    ] as const
  ).map(([what, field]) => ({
    id: `F8-${what}`,
    svg: lineChart({
      title: `F8  ${what[0]?.toUpperCase()}${what.slice(1)} per member and epoch against n, batch ${least}`,
      note: 'Counted, not timed, in memory with all messages in order: the same on every machine; before messages share frames.',
      x: { label: 'members n', kind: 'log' },
      y: { label: what, kind: 'log' },
      series: perSystem(own, entry => point(entry.cell.n, counted(field)(entry))),
    }),
    meaning: best(own, counted(field), `${what} per member and epoch`, 'least', 'with all members correct'),
  }))
}

function best(
  entries: readonly Entry[],
  value: (entry: Entry) => { readonly value: number },
  unit: string,
  wanted: 'most' | 'least',
  where: string,
): string {
  const sign = wanted === 'most' ? 1 : -1
  const found = entries.reduce((a, b) => (sign * value(b).value > sign * value(a).value ? b : a))
  const { preset, n, batch } = found.cell
  return `${wanted === 'most' ? 'Most' : 'Least'} ${where}: ${preset} with ${figure(value(found).value)} ${unit} (n = ${n}, batch ${batch}).`
}

const perSystem = (entries: readonly Entry[], value: (entry: Entry) => Point): Series[] =>
  distinct(entries.map(({ cell }) => cell.preset)).map(name => ({
    name,
    points: entries.filter(({ cell }) => cell.preset === name).map(value),
  }))

const distinct = <T>(values: readonly T[]): readonly T[] => [...new Set(values)]
