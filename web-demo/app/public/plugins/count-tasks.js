// A plugin that the page loads: an action that counts the tasks that are not done.

/** Offers the action and does it. */
export function register(session) {
  const { eventHub } = session;
  const subscriptions = [
    eventHub.subscription("topic=ftrack.action.discover", () => ({
      items: [{ label: "Count open tasks", actionIdentifier: "demo.count-tasks" }],
    })),
    eventHub.subscription("topic=ftrack.action.launch and data.actionIdentifier=demo.count-tasks", async () => {
      const tasks = await session.query('select id from Task where status.name is_not "Done"').all();
      return { success: true, message: `${tasks.length} tasks are open.` };
    }),
  ];
  return () => subscriptions.forEach((subscription) => subscription.unsubscribe());
}
