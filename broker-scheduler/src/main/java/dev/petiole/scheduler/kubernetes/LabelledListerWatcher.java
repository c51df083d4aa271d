package dev.petiole.scheduler.kubernetes;

import io.kubernetes.client.informer.ListerWatcher;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.util.CallGeneratorParams;
import io.kubernetes.client.util.Watchable;
import io.kubernetes.client.util.generic.dynamic.DynamicKubernetesApi;
import io.kubernetes.client.util.generic.dynamic.DynamicKubernetesListObject;
import io.kubernetes.client.util.generic.dynamic.DynamicKubernetesObject;
import io.kubernetes.client.util.generic.options.ListOptions;
import org.jspecify.annotations.Nullable;

/// Lists and watches a resource in all namespaces, or only its objects with certain labels.
final class LabelledListerWatcher implements ListerWatcher<DynamicKubernetesObject, DynamicKubernetesListObject> {

    private final DynamicKubernetesApi api;
    private final Resource resource;
    private final @Nullable String selector;

    LabelledListerWatcher(ApiClient client, Resource resource, @Nullable String selector) {
        this.api = new DynamicKubernetesApi(resource.group(), resource.version(), resource.plural(), client);
        this.resource = resource;
        this.selector = selector;
    }

    @Override
    public DynamicKubernetesListObject list(CallGeneratorParams params) throws ApiException {
        DynamicKubernetesListObject list =
                api.list(options(params)).throwsApiException().getObject();
        // Items of a list don't say what they are, since the list does.
        list.getItems().forEach(item -> {
            item.setApiVersion(resource.apiVersion());
            item.setKind(resource.kind());
        });
        return list;
    }

    @Override
    public Watchable<DynamicKubernetesObject> watch(CallGeneratorParams params) throws ApiException {
        return api.watch(options(params));
    }

    private ListOptions options(CallGeneratorParams params) {
        var options = new ListOptions();
        options.setLabelSelector(selector);
        options.setResourceVersion(params.resourceVersion);
        options.setTimeoutSeconds(params.timeoutSeconds);
        return options;
    }
}
