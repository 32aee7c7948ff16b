// bascule's plug-in for opencode: each call of a tool is asked of its hook; what is not allowed in so many
// words throws, so that the tool does not run. Made by `bascule hook opencode --plugin`.
import { spawn } from "node:child_process"

const [program, ...words] = @COMMAND@
const waiting = new Map() // hook -> session

const ask = (call) => new Promise((resolve, reject) => {
	const text = JSON.stringify(call)
	const hook = spawn(program, words, { cwd: "/", stdio: "pipe" })
	let answer = "", said = ""
	waiting.set(hook, call.sessionID)
	hook.on("error", (why) => { waiting.delete(hook); reject(why) })
	hook.stdin.on("error", () => {}) // it ended early: its code says how
	hook.stdout.setEncoding("utf8").on("data", (part) => {
		answer += part
		if (answer.length > 4 << 20) hook.kill("SIGKILL")
	})
	hook.stderr.setEncoding("utf8").on("data", (part) => { said = (said + part).slice(0, 4096) })
	hook.on("close", (code) => {
		waiting.delete(hook)
		let word = {}
		try { word = JSON.parse(answer) ?? {} } catch {}
		if (code === 0 && (word.decision === "allow" || word.decision === "none")) resolve(word)
		else reject(new Error((word.decision === "deny" && word.reason) || said || "bascule: not run: no answer"))
	})
	hook.stdin.end(text)
})

// The object itself is what the tool gets, so it is changed in place.
const fill = (args, edited) => {
	for (const key of Object.keys(args)) delete args[key]
	for (const [key, value] of Object.entries(edited))
		Object.defineProperty(args, key, { value, writable: true, enumerable: true, configurable: true })
}

export const Bascule = async ({ directory }) => ({
	"tool.execute.before": async (input, output) => {
		const args = output.args, asked = JSON.stringify(args)
		const word = await ask({ ...input, hook: "tool.execute.before", directory, args })
		if (output.args !== args || JSON.stringify(args) !== asked)
			throw new Error("bascule: not run: its arguments were changed while it waited")
		if (!Object.hasOwn(word, "args")) return
		fill(args, word.args)
		if (JSON.stringify(args) !== JSON.stringify(word.args))
			throw new Error("bascule: not run: its arguments cannot be changed")
	},
	// Who interrupts the session no longer wants an answer.
	event: async ({ event }) => {
		const { sessionID, status } = event.properties ?? {}
		const over = event.type === "session.status" ? status?.type === "idle" : /^session\.(error|idle)$/.test(event.type)
		for (const [hook, session] of waiting) if (over && session === sessionID) hook.kill("SIGTERM")
	},
})
