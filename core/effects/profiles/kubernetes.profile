# Source: mcp-server-kubernetes 4.1.7, its tools/list reply.
profile kubernetes
package mcp-server-kubernetes
alias k8s
# What these show of a kind that is in no list may be a secret.
tool ping                  remote-read
tool kubectl_get           remote-read resourceType=resource output=resource?
	name,namespace,labelSelector,fieldSelector,sortBy,context=name? allNamespaces=flag
tool kubectl_describe      remote-read resourceType=resource name,namespace,context=name?
	allNamespaces=flag
tool kubectl_logs          remote-read resourceType=resource tail=number
	name,namespace,container,since,sinceTime,labelSelector,context=name?
	timestamps,previous,follow=flag
tool explain_resource      remote-read resource,apiVersion,context,output=name? recursive=flag
tool list_api_resources    remote-read apiGroup,context,output,verbs=name? namespaced=flag
# Changes which cluster later calls act on.
tool kubectl_context       cloud operation,name,output=text showCurrent,detailed=flag
tool kubectl_reconnect     cloud
tool kubectl_apply         cloud manifest,namespace,context=text filename=read?
	dryRun,force=flag
tool kubectl_create        cloud manifest,output,resourceType,name,namespace,context=text
	filename=read? fromFile=held dryRun,validate,suspend=flag
	fromLiteral,fromFileContent,secretType,serviceType,tcpPort,image,schedule=text
	replicas,port=number command,labels,annotations=text
tool kubectl_delete        cloud destructive resourceType,name,namespace,labelSelector=text
	manifest,context=text filename=read? allNamespaces,force=flag gracePeriodSeconds=number
tool kubectl_scale         cloud name,namespace,resourceType,context=text replicas=number
tool kubectl_patch         cloud resourceType,name,namespace,patchType,patchData,context=text
	patchFile=read? dryRun=flag
tool kubectl_rollout       cloud subCommand,resourceType,name,namespace,timeout,context=text
	revision,toRevision=number watch=flag
tool kubectl_generic       cloud command,subCommand,resourceType,name,namespace=text
	allNamespaces=flag outputFormat,flags,args,context=text
tool install_helm_chart    cloud name,chart,namespace,context,repo,values=text valuesFile=read?
	useTemplate,createNamespace=flag
tool upgrade_helm_chart    cloud name,chart,namespace,context,repo,values=text valuesFile=read?
tool uninstall_helm_chart  cloud destructive name,namespace,context=text
tool node_management       cloud operation,nodeName,timeout=text gracePeriod=number
	force,deleteLocalData,ignoreDaemonsets,dryRun,confirmDrain=flag
tool port_forward          cloud resourceType,resourceName,namespace=text
	localPort,targetPort=number
tool stop_port_forward     cloud id=text
tool exec_in_pod           cloud name,namespace,command,container,context=text timeout=number
tool cleanup               cloud destructive
