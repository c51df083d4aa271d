package dev.petiole.discovery.onvif;

/// A request to a service of a device.
///
/// @param action names it to the service
/// @param body what is asked, in XML
record OnvifCall(String action, String body) {

    static final String MEDIA = "http://www.onvif.org/ver10/media/wsdl";
    static final String MEDIA2 = "http://www.onvif.org/ver20/media/wsdl";

    private static final String DEVICE = WsDiscovery.DEVICE_TYPES;
    private static final String SCHEMA = "http://www.onvif.org/ver10/schema";

    static final OnvifCall SYSTEM_DATE_AND_TIME = device("GetSystemDateAndTime", "");
    static final OnvifCall DEVICE_INFORMATION = device("GetDeviceInformation", "");
    static final OnvifCall NETWORK_INTERFACES = device("GetNetworkInterfaces", "");
    static final OnvifCall SERVICES = device("GetServices", "<IncludeCapability>false</IncludeCapability>");

    static final OnvifCall CAPABILITIES = device("GetCapabilities", "<Category>Media</Category>");

    static OnvifCall profiles(String mediaNamespace) {
        return new OnvifCall(mediaNamespace + "/GetProfiles", "<GetProfiles xmlns=\"" + mediaNamespace + "\"/>");
    }

    /// @param profile a token the device gave
    static OnvifCall streamUri(String mediaNamespace, String profile) {
        String token = Soap.escape(profile);
        String body = mediaNamespace.equals(MEDIA2)
                ? "<Protocol>RTSP</Protocol><ProfileToken>" + token + "</ProfileToken>"
                : "<StreamSetup><Stream xmlns=\"" + SCHEMA + "\">RTP-Unicast</Stream><Transport xmlns=\"" + SCHEMA
                        + "\"><Protocol>RTSP</Protocol></Transport></StreamSetup><ProfileToken>" + token
                        + "</ProfileToken>";
        return new OnvifCall(
                mediaNamespace + "/GetStreamUri",
                "<GetStreamUri xmlns=\"" + mediaNamespace + "\">" + body + "</GetStreamUri>");
    }

    /// @param header further SOAP headers, may be empty
    String envelope(String header) {
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?><s:Envelope xmlns:s=\"" + Soap.NAMESPACE + "\"><s:Header>"
                + header + "</s:Header><s:Body>" + body + "</s:Body></s:Envelope>";
    }

    private static OnvifCall device(String name, String content) {
        return new OnvifCall(
                DEVICE + "/" + name, "<" + name + " xmlns=\"" + DEVICE + "\">" + content + "</" + name + ">");
    }
}
