// Measures @cloud-copilot/iam-simulate on scenario files and prints the figures
// as JSON:
//
//	node measure.js SCENARIOS_DIRECTORY > figures.json
//
// Everything is read and put into the engine's form first; only its calls are
// timed. Every answer is compared with what the scenario wants.

import { runSimulation, runUnsafeSimulation } from '@cloud-copilot/iam-simulate'
import { readFileSync, readdirSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'

const rounds = 10
const roundMilliseconds = 300

// How the engine names the outcomes of the scenario format.
const outcomes = {
  allowed: 'Allowed',
  explicitDeny: 'ExplicitlyDenied',
  implicitDeny: 'ImplicitlyDenied'
}

// simulationsOf are the cases of a suite in the engine's form.
function simulationsOf(suite) {
  const { request, policies } = suite.defaults
  const named = list => (list ?? []).map(({ name, document }) => ({ name, policy: document }))
  const account = request.principal.split(':')[4]
  return suite.cases.map(c => ({
    want: outcomes[c.want],
    simulation: {
      request: {
        principal: request.principal,
        action: c.request.action,
        resource: { resource: c.request.resource, accountId: request.resourceAccount ?? account },
        contextVariables: c.request.context ?? {}
      },
      identityPolicies: named(policies.identity),
      permissionBoundaryPolicies: policies.boundary && named([policies.boundary]),
      resourcePolicy: policies.resource?.[0].document,
      serviceControlPolicies: (policies.scp ?? []).map((level, i) => ({
        orgIdentifier: `level-${i}`,
        policies: named(level)
      })),
      resourceControlPolicies: []
    }
  }))
}

function median(list) {
  const sorted = [...list].sort((a, b) => a - b)
  const half = sorted.length >> 1
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2
}

// timed is the median time of a call in nanoseconds, over rounds of rotating
// requests.
async function timed(cases, call) {
  const perCall = []
  let at = 0
  for (let round = 0; round <= rounds; round++) {
    const start = process.hrtime.bigint()
    const end = start + BigInt(roundMilliseconds) * 1_000_000n
    let calls = 0
    let now = start
    while (now < end) {
      for (let i = 0; i < 16; i++) {
        await call(cases[at++ % cases.length].simulation)
        calls++
      }
      now = process.hrtime.bigint()
    }
    if (round > 0) perCall.push(Number(now - start) / calls) // the first warms up
  }
  return median(perCall)
}

const checked = async simulation => (await runSimulation(simulation, {})).overallResult
const unchecked = async simulation => runUnsafeSimulation(simulation, {})

// measure counts the answers that are as wanted, and times a call if all are.
async function measure(cases, decide) {
  let agree = 0
  let fault = ''
  for (const { simulation, want } of cases) {
    try {
      const got = await decide(simulation)
      if (got === want) agree++
      else fault ||= `${got} where ${want} is wanted`
    } catch (error) {
      fault ||= error.message
    }
  }
  if (agree < cases.length) return { agree, fault }
  return { agree, ns: await timed(cases, decide) }
}

const directory = process.argv[2]
if (directory === undefined) {
  console.error('usage: node measure.js SCENARIOS_DIRECTORY')
  process.exit(2)
}
const dependency = '@cloud-copilot/iam-simulate'
const own = JSON.parse(readFileSync(new URL('package.json', import.meta.url)))
const figures = {
  package: dependency,
  version: own.dependencies[dependency],
  node: process.version,
  machine: `${cpus()[0].model}, ${cpus().length} cores`,
  date: new Date().toISOString().slice(0, 10),
  workloads: []
}
for (const file of readdirSync(directory).filter(f => f.endsWith('.json')).sort()) {
  const cases = simulationsOf(JSON.parse(readFileSync(join(directory, file))))
  figures.workloads.push({
    name: file.replace(/\.json$/, ''),
    requests: cases.length,
    checked: await measure(cases, checked),
    unchecked: await measure(cases, unchecked)
  })
}
console.log(JSON.stringify(figures, null, 2))
