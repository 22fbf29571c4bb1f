// A page that shows views as hosts do, on the AppBridge of ext-apps. The test controls it through `window.host`.
import { AppBridge, type McpUiHostContext, PostMessageTransport } from '@modelcontextprotocol/ext-apps/app-bridge';

type Capabilities = ConstructorParameters<typeof AppBridge>[2];
type ToolResult = Parameters<AppBridge['sendToolResult']>[0];

interface OpenOptions {
  /** The address of the page of the view, on another origin. */
  src: string;
  context: McpUiHostContext;
  capabilities: Capabilities;
}

declare global {
  interface Window {
    host: typeof host;
    /** The test answers these requests. */
    callTool(name: string, args: object): Promise<ToolResult>;
    receiveMessage(params: object): Promise<boolean>;
  }
}

let bridge: AppBridge;

const host = {
  /** Shows a view. Resolves when the view reports that it is ready. */
  async open({ src, context, capabilities }: OpenOptions): Promise<void> {
    document.querySelector('iframe')?.remove();
    const frame = document.createElement('iframe');
    frame.setAttribute('sandbox', 'allow-scripts');
    frame.title = 'view';
    document.body.append(frame);
    bridge = new AppBridge(null, { name: 'test-host', version: '1.0.0' }, capabilities, { hostContext: context });
    const initialized = new Promise<void>((resolve) => {
      bridge.oninitialized = () => resolve();
    });
    bridge.onsizechange = ({ height }) => {
      if (height !== undefined) frame.style.height = `${height}px`;
    };
    bridge.oncalltool = ({ name, arguments: args }) => window.callTool(name, args ?? {});
    bridge.onmessage = async (params) => ((await window.receiveMessage(params)) ? {} : { isError: true });
    await bridge.connect(new PostMessageTransport(frame.contentWindow!, frame.contentWindow!));
    frame.src = src;
    await initialized;
  },
  sendInput: (args: Record<string, unknown>) => bridge.sendToolInput({ arguments: args }),
  sendResult: (result: ToolResult) => bridge.sendToolResult(result),
  cancel: (reason: string) => bridge.sendToolCancelled({ reason }),
  changeContext: (context: McpUiHostContext) => bridge.setHostContext(context),
  teardown: () => bridge.teardownResource({}),
};
window.host = host;
